using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>CLI, STI, PUSHF, POPF, CLAC, STAC (SDM vol. 2); CLC and the like are beside the arithmetic.</summary>
internal static unsafe class FlagControl
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Cli, &Cli);
        table.Add(Mnemonic.Sti, &Sti);
        table.Add(Mnemonic.Clac, &Clac);
        table.Add(Mnemonic.Stac, &Stac);
        table.Add(Code.Pushfw, &Push<ushort>);
        table.Add(Code.Pushfd, &Push<uint>);
        table.Add(Code.Pushfq, &Push<ulong>);
        table.Add(Code.Popfw, &Pop<ushort>);
        table.Add(Code.Popfd, &Pop<uint>);
        table.Add(Code.Popfq, &Pop<ulong>);
    }

    private static StepStatus Cli(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        if (s->ProtectedMode && !Privilege.InputOutput(s))
        {
            return cpu.GeneralProtection();
        }

        s->SystemFlags &= ~Flags.If;
        return StepStatus.Next;
    }

    // The shadow exists only where interrupts were off before (SDM vol. 2, "STI").
    private static StepStatus Sti(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        if (s->ProtectedMode && !Privilege.InputOutput(s))
        {
            return cpu.GeneralProtection();
        }

        if ((s->SystemFlags & Flags.If) == 0)
        {
            s->SystemFlags |= Flags.If;
            s->StiShadow = 1;
            cpu.Attention = true;
        }

        return StepStatus.Next;
    }

    private static StepStatus Clac(CpuCore cpu, DecodedOp* op) => SetAccessControl(cpu, 0);

    private static StepStatus Stac(CpuCore cpu, DecodedOp* op) => SetAccessControl(cpu, Flags.Ac);

    private static StepStatus SetAccessControl(CpuCore cpu, ulong value)
    {
        if (cpu.State->Cpl != 0)
        {
            return cpu.InvalidOpcode();
        }

        cpu.SetSystemFlags((cpu.State->SystemFlags & ~Flags.Ac) | value);
        return StepStatus.Next;
    }

    private static StepStatus Push<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        ulong image = cpu.State->Rflags & ~(Flags.Vm | Flags.Rf);
        return StackAccess.Push(cpu, Operands.Is64(op), T.CreateTruncating(image)) ? StepStatus.Next : StepStatus.Fault;
    }

    /// <summary>RF is cleared, VM, VIF and VIP stay; IOPL changes at CPL 0 only, IF where I/O is allowed.</summary>
    private static StepStatus Pop<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        bool mode64 = Operands.Is64(op);
        if (!StackAccess.Top(cpu, mode64, out T image))
        {
            return StepStatus.Fault;
        }

        StackAccess.Release(s, mode64, sizeof(T));
        ulong keep = Flags.Vm | Flags.Vif | Flags.Vip;
        if (s->Cpl != 0)
        {
            keep |= Flags.Iopl;
        }

        if (!Privilege.InputOutput(s))
        {
            keep |= Flags.If;
        }

        if (sizeof(T) == 2)
        {
            keep |= ~0xFFFFUL;
        }

        cpu.SetRflags(((s->Rflags & keep) | (ulong.CreateTruncating(image) & ~keep)) & ~Flags.Rf);
        return StepStatus.Next;
    }
}
