using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>An instruction of one byte, with at most one access to data.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Data">What it accesses.</param>
/// <param name="Length">How many bytes of it; 0: nothing.</param>
/// <param name="IsWrite">Whether it stores.</param>
internal readonly record struct StageInstruction(ulong Address, ulong Data = 0, int Length = 0, bool IsWrite = true);

/// <summary>What became of an instruction.</summary>
/// <param name="IsExecuted">It was executed.</param>
/// <param name="IsInt3">It is an int3 now: #BP.</param>
/// <param name="DebugCauses">The DR6 bits of the #DB it raises, or 0.</param>
internal readonly record struct InstructionOutcome(bool IsExecuted, bool IsInt3, ulong DebugCauses);

/// <summary>
/// A processor takes one instruction: instruction breakpoint, fetch, execution, data breakpoint and single step, in the order of
/// the SDM (vol. 3, 7.9), as one step.
/// </summary>
internal readonly struct TakeInstruction(StageMemory memory, KernelRegisters registers, StageInstruction instruction)
    : IAtomicOperation<InstructionOutcome>
{
    static StepNature IAtomicOperation<InstructionOutcome>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context)
    {
    }

    public InstructionOutcome Execute(StepContext context)
    {
        KernelCpu cpu = ((KernelContext)context).Home;
        SharedCell<byte> text = memory.Find(instruction.Address)!;
        context.World.Touch(text.Id, AccessKind.Read);
        for (int n = 0; n < 4; n++)
        {
            context.World.Touch(cpu.DebugRegisters.Cell(n).Id, AccessKind.Read);
        }

        context.World.Touch(cpu.DebugRegisters.Cell(7).Id, AccessKind.Read);
        InstructionOutcome outcome = Outcome(cpu, text.Value);
        context.World.Trace?.Note("instruction", text, outcome);
        return outcome;
    }

    private InstructionOutcome Outcome(KernelCpu cpu, byte text)
    {
        ulong execute = (registers.Flags & KernelRegisters.ResumeFlag) != 0 ? 0 : cpu.DebugRegisters.MatchExecute(instruction.Address);
        if (execute != 0)
        {
            return new InstructionOutcome(false, false, execute);
        }

        if (text == 0xCC)
        {
            return new InstructionOutcome(false, true, 0);
        }

        ulong causes = instruction.Length == 0 ? 0
            : cpu.DebugRegisters.MatchData(instruction.Data, instruction.Length, instruction.IsWrite);
        causes |= (registers.Flags & KernelRegisters.TrapFlag) != 0 ? Dr6Bits.SingleStep : 0;
        return new InstructionOutcome(true, false, causes);
    }
}
