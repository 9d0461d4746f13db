using Iced.Intel;
using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>SYSCALL, SYSRET and SWAPGS (SDM vol. 2; AMD's differences: APM vol. 3).</summary>
internal static unsafe class SystemCall
{
    private const ushort Code64 = 0xA09B;
    private const ushort Code32 = 0xC09B;
    private const ushort Data = 0xC093;
    private const ushort User = 0x60;
    private const ulong ReturnFlags = 0x3C_7FD7;

    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Syscall, &Syscall);
        table.Add(Code.Sysretd, &Return32);
        table.Add(Code.Sysretq, &Return64);
        table.Add(Mnemonic.Swapgs, &Swapgs);
    }

    private static StepStatus Syscall(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        bool mode64 = Operands.Is64(op);
        bool longMode = (s->Efer & ControlBits.EferLma) != 0;

        // Outside 64-bit mode only AMD has it.
        bool exists = mode64 || cpu.Model.Vendor == CpuVendor.Amd;
        if ((s->Efer & ControlBits.EferSce) == 0 || !s->ProtectedMode || !exists)
        {
            return cpu.InvalidOpcode();
        }

        ulong flags = s->Rflags & ~Flags.Rf;
        ulong next = Interpreter.Wrap(op, op->NextRip);
        var selector = (ushort)((s->Star >> 32) & 0xFFFC);
        s->Gpr[Gpr.Rcx] = next;
        if (longMode)
        {
            s->Gpr[11] = flags;
            s->Rip = mode64 ? s->LStar : s->CStar;
            flags &= ~(s->SFMask & 0xFFFF_FFFF);
        }
        else
        {
            s->Rip = (uint)s->Star;
            flags &= ~(Flags.If | Flags.Vm);
        }

        PrivilegeLevel.Enter(cpu, Flat(selector, longMode ? Code64 : Code32), 0);
        s->Ss = Flat((ushort)(selector + 8), Data);
        cpu.SetRflags(flags);
        Trace(cpu);
        return StepStatus.Branch;
    }

    private static StepStatus Return64(CpuCore cpu, DecodedOp* op) => Return(cpu, op, to64: true);

    private static StepStatus Return32(CpuCore cpu, DecodedOp* op) => Return(cpu, op, to64: false);

    private static StepStatus Return(CpuCore cpu, DecodedOp* op, bool to64)
    {
        CpuState* s = cpu.State;
        bool intel = cpu.Model.Vendor == CpuVendor.Intel;
        bool mode64 = Operands.Is64(op);
        if ((s->Efer & ControlBits.EferSce) == 0 || !s->ProtectedMode || (!mode64 && intel))
        {
            return cpu.InvalidOpcode();
        }

        // Intel looks at the target while still at CPL 0, AMD lets the fetch fault at CPL 3.
        ulong target = to64 ? s->Gpr[Gpr.Rcx] : (uint)s->Gpr[Gpr.Rcx];
        if (s->Cpl != 0 || (to64 && intel && !cpu.Mmu.IsCanonical(target)))
        {
            return cpu.GeneralProtection();
        }

        var selector = (ushort)(s->Star >> 48);
        ulong flags = (s->Efer & ControlBits.EferLma) != 0
            ? s->Gpr[11] & ReturnFlags
            : s->Rflags | Flags.If;
        PrivilegeLevel.Enter(
            cpu, Flat((ushort)(to64 ? selector + 16 : selector), (ushort)((to64 ? Code64 : Code32) | User)), 3);
        ReturnStack(s, (ushort)((selector + 8) | 3), intel);
        s->Rip = target;
        cpu.SetRflags(flags);
        Trace(cpu);
        return StepStatus.Branch;
    }

    // AMD loads the selector and leaves what is cached of SS as it is.
    private static void ReturnStack(CpuState* s, ushort selector, bool whole)
    {
        if (whole)
        {
            s->Ss = Flat(selector, Data | User);
        }
        else
        {
            s->Ss.Selector = selector;
        }
    }

    private static StepStatus Swapgs(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        if (!Privilege.Supervisor(cpu))
        {
            return StepStatus.Fault;
        }

        (s->Gs.Base, s->KernelGsBase) = (s->KernelGsBase, s->Gs.Base);
        return StepStatus.Next;
    }

    private static SegmentRegister Flat(ushort selector, ushort attributes) =>
        new() { Selector = selector, Limit = uint.MaxValue, Attributes = attributes };

    /// <summary>
    /// The trap after SYSCALL and SYSRET goes by the TF that they leave: SFMASK can suppress it, R11 can ask for it.
    /// </summary>
    private static void Trace(CpuCore cpu)
    {
        cpu.TraceDecided = true;
        if ((cpu.State->SystemFlags & Flags.Tf) != 0)
        {
            cpu.State->PendingDebug |= Dr6Bits.SingleStep;
            cpu.Attention = true;
        }
    }
}
