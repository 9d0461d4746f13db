using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// INT n, INT3, INTO and ICEBP (SDM vol. 2, "INT n/INTO/INT3/INT1"): they name the event, the dispatcher delivers it.
/// </summary>
internal static unsafe class Interrupt
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Int, &IntN);
        table.Add(Mnemonic.Int3, &Int3);
        table.Add(Mnemonic.Into, &Into);
        table.Add(Mnemonic.Int1, &Icebp);
    }

    private static StepStatus IntN(CpuCore cpu, DecodedOp* op) => Raise(cpu, op, EventSource.Software, (byte)op->Imm);

    private static StepStatus Int3(CpuCore cpu, DecodedOp* op) =>
        Raise(cpu, op, EventSource.Software, Vector.Breakpoint);

    private static StepStatus Into(CpuCore cpu, DecodedOp* op) => LazyFlags.Overflow(cpu.State->FlagAux)
        ? Raise(cpu, op, EventSource.Software, Vector.Overflow)
        : StepStatus.Next;

    private static StepStatus Icebp(CpuCore cpu, DecodedOp* op) =>
        Raise(cpu, op, EventSource.PrivilegedSoftware, Vector.Debug);

    private static StepStatus Raise(CpuCore cpu, DecodedOp* op, EventSource source, byte vector)
    {
        cpu.Pending = new PendingEvent { Source = source, Vector = vector, InstructionRip = op->Rip };
        return StepStatus.SoftwareInterrupt;
    }
}
