using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>Straight-line kernel code that a task executes on its CPU, with all the traps that come of it.</summary>
internal sealed class StageThread(KgdbStage stage, KernelRegisters registers, params StageInstruction[] code)
{
    private readonly int[] _executed = new int[code.Length];

    /// <summary>How often each instruction has been executed.</summary>
    public IReadOnlyList<int> Executed => _executed;

    /// <summary>Where it went wrong, if it left the code: an address inside an instruction, say.</summary>
    public ulong? LostAt { get; private set; }

    /// <summary>The most traps before the thread gives up: it is stuck on one instruction.</summary>
    public int TrapCountMax { get; init; } = 8;

    /// <summary>It gave up.</summary>
    public bool IsStuck { get; private set; }

    /// <summary>How many traps it has taken.</summary>
    public int TrapCount { get; private set; }

    /// <summary>From the first instruction past the last.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Run(KernelContext c)
    {
        registers.Ip = code[0].Address;
        while (registers.Ip != code[^1].Address + 1)
        {
            int index = Array.FindIndex(code, instruction => instruction.Address == registers.Ip);
            if (index < 0)
            {
                LostAt = registers.Ip;
                return;
            }

            if (TrapCount > TrapCountMax)
            {
                IsStuck = true;
                return;
            }

            await Take(c, index);
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Take(KernelContext c, int index)
    {
        StageInstruction instruction = code[index];
        c.Line($"{instruction.Address:x}:");
        InstructionOutcome outcome =
            await new Step<TakeInstruction, InstructionOutcome>(c, new TakeInstruction(stage.Memory, registers, instruction));
        if (outcome.IsExecuted)
        {
            _executed[index]++;
            registers.Ip = instruction.Address + 1;
            registers.Flags &= ~KernelRegisters.ResumeFlag;
        }

        if (outcome.IsInt3)
        {
            TrapCount++;
            registers.Ip = instruction.Address + 1;
            await stage.Traps.Int3(c, registers);
        }
        else if (outcome.DebugCauses != 0)
        {
            TrapCount++;
            if (stage.EntryCode is { } entry && c.Home.DebugRegisters.MatchExecute(entry) != 0)
            {
                c.Oops("#DB recursion", $"the first instruction of #DB's entry, {entry:x}, raises #DB, and so does that one's");
            }

            await stage.Traps.Debug(c, registers, DebugRegisterFile.Dr6Idle | outcome.DebugCauses);
        }
    }
}
