using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>CLC STC CMC, CLD STD, LAHF SAHF, SALC (SDM vol. 2; SALC: SDM vol. 3, 24.15): the flags that any program may set.</summary>
internal static unsafe class FlagControlStatus
{
    private const ulong InAh = Flags.Cf | Flags.Pf | Flags.Af | Flags.Zf | Flags.Sf;

    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Clc, &Clc);
        table.Add(Mnemonic.Stc, &Stc);
        table.Add(Mnemonic.Cmc, &Cmc);
        table.Add(Mnemonic.Cld, &Cld);
        table.Add(Mnemonic.Std, &Std);
        table.Add(Mnemonic.Lahf, &Lahf);
        table.Add(Mnemonic.Sahf, &Sahf);
        table.Add(Mnemonic.Salc, &Salc);
    }

    private static StepStatus Clc(CpuCore cpu, DecodedOp* op)
    {
        cpu.State->FlagAux = LazyFlags.WithCarry(cpu.State->FlagAux, 0);
        return StepStatus.Next;
    }

    private static StepStatus Stc(CpuCore cpu, DecodedOp* op)
    {
        cpu.State->FlagAux = LazyFlags.WithCarry(cpu.State->FlagAux, 1);
        return StepStatus.Next;
    }

    private static StepStatus Cmc(CpuCore cpu, DecodedOp* op)
    {
        ulong aux = cpu.State->FlagAux;
        cpu.State->FlagAux = LazyFlags.WithCarry(aux, LazyFlags.CarryBit(aux) ^ 1);
        return StepStatus.Next;
    }

    // DF concerns nobody but string instructions, so nothing has to be told of its change.
    private static StepStatus Cld(CpuCore cpu, DecodedOp* op)
    {
        cpu.State->SystemFlags &= ~Flags.Df;
        return StepStatus.Next;
    }

    private static StepStatus Std(CpuCore cpu, DecodedOp* op)
    {
        cpu.State->SystemFlags |= Flags.Df;
        return StepStatus.Next;
    }

    private static StepStatus Lahf(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        ulong status = LazyFlags.ToStatus(s->FlagResult, s->FlagAux);
        Gpr.WriteHigh(s, Gpr.Rax, (byte)((status & InAh) | Flags.Reserved1));
        return StepStatus.Next;
    }

    private static StepStatus Sahf(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        ulong kept = LazyFlags.ToStatus(s->FlagResult, s->FlagAux) & Flags.Of;
        (s->FlagResult, s->FlagAux) = LazyFlags.FromStatus(kept | (Gpr.ReadHigh(s, Gpr.Rax) & InAh));
        return StepStatus.Next;
    }

    private static StepStatus Salc(CpuCore cpu, DecodedOp* op)
    {
        Gpr.Write(cpu.State, Gpr.Rax, LazyFlags.Carry(cpu.State->FlagAux) ? byte.MaxValue : (byte)0);
        return StepStatus.Next;
    }
}
