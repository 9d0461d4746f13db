using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Traps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>
/// For the face without defects, in the forms whose session runs inside perf's overflow callback: one debug exception has one session,
/// for all of the debugger's breakpoints that hit. Neither the callbacks of the others nor the notifier, which comes last, begin another.
/// </summary>
internal sealed class CallbackSessions(KernelModel kernel, TrapPath traps, PerfBreakpoints perf, HardwareBreakpoints hardware)
{
    private const long Never = -1;

    /// <summary>By CPU, the exception that has had its session. Only the CPU's own handlers, of which one runs at a time, look at it.</summary>
    private readonly long[] _exceptions = [.. Enumerable.Repeat(Never, kernel.Cpus.Count)];

    /// <summary>What its session answered.</summary>
    private readonly NotifyResult[] _answers = new NotifyResult[kernel.Cpus.Count];

    /// <summary>What the session of the exception being handled has answered, or null: there was none.</summary>
    public NotifyResult? AnswerOf(KernelCpu cpu) =>
        Present(cpu) is { } present && present == _exceptions[cpu.Number] ? _answers[cpu.Number] : null;

    /// <summary>The session has ended.</summary>
    public void Note(KernelCpu cpu, NotifyResult answer)
    {
        _exceptions[cpu.Number] = Present(cpu) ?? Never;
        _answers[cpu.Number] = answer;
    }

    /// <summary>Part of a step: which of the debugger's breakpoints the exception is for, bit i for entry i; those removed meanwhile aren't.</summary>
    /// <param name="cpu">Where.</param>
    /// <param name="first">The entry whose callback is the first to be called.</param>
    /// <param name="rest">DR6 without the bits of those that were called.</param>
    public uint HitsOf(KernelCpu cpu, int first, ulong rest)
    {
        uint hits = Bit(first);
        CpuBreakpoints registers = perf.Cpu(cpu.Number);
        for (int n = 0; n < registers.Slots.Length; n++)
        {
            for (int i = 0; i < Dr7Encoding.RegisterCount && (rest >> n & 1) != 0; i++)
            {
                hits |= hardware.Events.Of(i, cpu.Number) is { } bp && ReferenceEquals(registers.Slots[n].Value, bp) ? Bit(i) : 0;
            }
        }

        return hits;
    }

    private uint Bit(int i) => hardware.Entry(i).IsEnabled ? 1u << i : 0;

    private long? Present(KernelCpu cpu) => traps.Innermost(cpu)?.Event.Sequence;
}
