using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Traps;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>
/// The #DB that ends in hw_breakpoint_handler()@6.1: hits of breakpoints that only count. It answers NOTIFY_STOP then, so that nobody
/// else would look, and DR6 and DR7 are as they would be behind the handler; so it is dealt with on the spot.
/// </summary>
internal sealed class FastDebug(TrapPath traps, PerfBreakpoints perf)
{
    private readonly bool _isPossible = traps.Options.Version.HasEntryCode && !perf.Options.Handler.AnswersDoneIfOwned;
    private readonly bool _requiresActive = perf.Options.Handler.RequiresActiveState;

    /// <summary>Takes the trap, without allocating; false: nothing has been changed.</summary>
    /// <param name="cpu">Which CPU.</param>
    /// <param name="registers">The guest code's.</param>
    /// <param name="dr6">As the processor has left it.</param>
    public bool TryTake(KernelCpu cpu, KernelRegisters registers, ulong dr6)
    {
        ulong hits = dr6 & Dr6Bits.Traps;
        if (!_isPossible || hits == 0 || (dr6 & Dr6Bits.Causes) != hits || registers.IsUserMode
            || (perf.VirtualDr6(cpu).Value & Dr6Bits.Traps) != 0)
        {
            return false;
        }

        CpuBreakpoints slots = perf.Cpu(cpu.Number);
        for (int i = 0; i < slots.Slots.Length; i++)
        {
            if ((hits >> i & 1) != 0 && !OnlyCounts(slots.Slots[i].Value))
            {
                return false;
            }
        }

        for (int i = 0; i < slots.Slots.Length; i++)
        {
            if ((hits >> i & 1) != 0)
            {
                Count(slots.Slots[i].Value!, registers);
            }
        }

        cpu.DebugRegisters.Set(6, DebugRegisterFile.Dr6Idle);
        TrapEvent record = traps.Events.Begin(TrapKind.Debug, cpu.Number, registers.Ip);
        record.SetDr6(hits);
        record.Looked("hw_breakpoint", NotifyResult.Stop);
        record.End(TrapVerdict.Consumed);
        return true;
    }

    private bool OnlyCounts(PerfBreakpoint? bp) => bp is not null && (bp.OverflowHandler is null || bp.Attributes.Value.OnlyCounts)
        && (!_requiresActive || bp.State.Value == PerfEventState.Active);

    private static void Count(PerfBreakpoint bp, KernelRegisters registers)
    {
        if (!bp.Attributes.Value.ExcludesKernel)
        {
            bp.Count.Commit(bp.Count.Value + 1);
        }

        if (bp.Arch.Value.TypeCode == ArchBreakpoint.Execute)
        {
            registers.Flags |= KernelRegisters.ResumeFlag;
        }
    }
}
