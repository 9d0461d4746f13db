using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;

namespace KgdbSim.Target.Kernel.Traps;

/// <summary>
/// The commonest debug exception taken inline: the kernel hits perf's breakpoints, which count or sample, and hw_breakpoint's
/// handler answers NOTIFY_STOP. What it leaves behind is what <see cref="DebugPath"/> with <see cref="DebugExceptionHandler"/> would
/// leave.
/// </summary>
internal sealed class FastDebug(TrapPath path, PerfBreakpoints perf)
{
    /// <summary>The one who takes it, as its notifier is called.</summary>
    private const string Handler = "hw_breakpoint";

    private readonly bool _isPossible = path.Options.Version.HasEntryCode && perf.Options.Handler is
    {
        SavesDr7: false, ClearsVirtualDr6: false, AnswersDoneIfOwned: false,
    };

    /// <summary>Whether it took it; if not, nothing has changed.</summary>
    public bool TryTake(KernelCpu cpu, KernelRegisters registers, ulong rawDr6)
    {
        ulong dr6 = rawDr6 ^ DebugRegisterFile.Dr6Idle;
        if (!_isPossible || dr6 == 0 || (dr6 & ~Dr6Bits.Breakpoints) != 0 || registers.IsUserMode || path.DieChain.First?.Name != Handler
            || (perf.VirtualDr6(cpu).Value & Dr6Bits.Breakpoints) != 0 || !TakesNoStep(cpu, dr6))
        {
            return false;
        }

        TrapEvent record = path.Begin(TrapKind.Debug, cpu, registers);
        record.SetDr6(dr6);
        for (int i = 0; i < Dr7Encoding.RegisterCount; i++)
        {
            if ((dr6 >> i & 1) != 0)
            {
                Count(cpu, perf.Cpu(cpu.Number).Slots[i].Value!, registers);
            }
        }

        cpu.DebugRegisters.Set(6, DebugRegisterFile.Dr6Idle);
        path.LocalDebug.RestoreAtOnce(cpu);
        record.Looked(Handler, NotifyResult.Stop);
        path.End(record, TrapVerdict.Consumed);
        return true;
    }

    /// <summary>Whether all that hit only count, or write the hit down.</summary>
    private bool TakesNoStep(KernelCpu cpu, ulong dr6)
    {
        CpuBreakpoints registers = perf.Cpu(cpu.Number);
        for (int i = 0; i < Dr7Encoding.RegisterCount; i++)
        {
            if ((dr6 >> i & 1) == 0)
            {
                continue;
            }

            bool counts = registers.Slots[i].Value is { } bp && !bp.Attributes.Value.ExcludesKernel
                && (bp.OverflowHandler is null || bp.Attributes.Value.OnlyCounts)
                && (!perf.Options.Handler.RequiresActiveState || bp.State.Value == PerfEventState.Active);
            if (!counts)
            {
                return false;
            }
        }

        return true;
    }

    private static void Count(KernelCpu cpu, PerfBreakpoint bp, KernelRegisters registers)
    {
        bp.Count.Commit(bp.Count.Value + 1);
        if (bp.Sampler is { } sampler && !bp.Attributes.Value.OnlyCounts)
        {
            sampler.Sample(cpu, bp, registers);
        }

        if (bp.Arch.Value.TypeCode == ArchBreakpoint.Execute)
        {
            registers.Flags |= KernelRegisters.ResumeFlag;
        }
    }
}
