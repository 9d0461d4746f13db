using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;

namespace KgdbSim.Kernel.Tests.HwBreakpoint.Perf;

/// <summary>
/// The nine cases of the kernel's own unit test of slot accounting (kernel/events/hw_breakpoint_test.c@6.1), one row each.
/// A row is a list of requests: WHOSE/WHERE, "!" before one that must be refused with -ENOSPC, "-" before one to release,
/// "*n" after one to make n times. "cpu/0" is a CPU's breakpoint, "t/all" a task's everywhere, "u/1" another task's on CPU 1.
/// Releasing "t/0" releases the oldest one of that kind.
/// </summary>
public sealed class SlotTableTests
{
    [Theory]
    [InlineData("one CPU", "cpu/0*4 !t/all !cpu/0")]
    [InlineData("many CPUs", "cpu/0*4 !cpu/0 cpu/1*4 !cpu/1")]
    [InlineData("one task on all CPUs", "t/all*4 !t/all !t/0 !cpu/0 -t/all cpu/0")]
    [InlineData("two tasks on all CPUs", "t/all*4 u/all*4 !t/all !u/all !t/0 !u/0 !cpu/0 -t/all !cpu/0")]
    [InlineData("one task on one CPU", "t/0*4 !t/all !t/0 !cpu/0 -t/0 cpu/0")]
    [InlineData("one task mixed", "t/0 t/all*3 !t/all !t/0 !cpu/0 -t/0 -t/all cpu/0*2 !cpu/0")]
    [InlineData("two tasks on one CPU", "t/0*4 u/0*4 !t/all !u/all !t/0 !u/0 !cpu/0 cpu/1*4")]
    [InlineData("two tasks, one on one CPU and one on all", "t/0*4 u/all*4 !t/all !u/all !t/0 !u/0 !cpu/0 !cpu/1")]
    [InlineData("a task on all CPUs and then on one",
        "t/all*2 t/0 t/all !t/all !t/0 !cpu/0 cpu/1 !cpu/1 -t/0 !t/all -cpu/1 t/all !t/all !t/0 !cpu/0 !cpu/1")]
    public void Slots_are_given_while_there_are_any(string name, string row) => Follow(name, row, true);

    /// <summary>
    /// The rows that 2.6.33 can count; breakpoints of one task on one CPU and on all it can't tell apart
    /// (kernel/hw_breakpoint.c@2.6.33: task_bp_pinned has no CPU).
    /// </summary>
    [Theory]
    [InlineData("one CPU", "cpu/0*4 !t/all !cpu/0")]
    [InlineData("many CPUs", "cpu/0*4 !cpu/0 cpu/1*4 !cpu/1")]
    [InlineData("one task on all CPUs", "t/all*4 !t/all !t/0 !cpu/0 -t/all cpu/0")]
    [InlineData("two tasks on all CPUs", "t/all*4 u/all*4 !t/all !u/all !t/0 !u/0 !cpu/0 -t/all !cpu/0")]
    [InlineData("one task on one CPU", "t/0*4 !t/all !t/0 !cpu/0 -t/0 cpu/0")]
    [InlineData("two tasks on one CPU", "t/0*4 u/0*4 !t/all !u/all !t/0 !u/0 !cpu/0 cpu/1*4")]
    [InlineData("a task's count with CPUs of different load", "cpu/0*1 cpu/1*3 t/all !t/all t/0 t/0 !t/0")]
    public void The_first_accounting_gives_them_too(string name, string row) => Follow(name, row, false);

    private static void Follow(string name, string row, bool hasHistograms)
    {
        InlineKernel.Run(2, kernel =>
        {
            KernelTask[] tasks = [kernel.Spawn("t", 1, static c => ValueTask.CompletedTask), kernel.Spawn("u", 1, static c => ValueTask.CompletedTask)];
            PerfBreakpoints perf = new(kernel, new PerfBreakpointOptions());
            return c => Follow(c, kernel, perf, tasks, name, row);
        });
    }

    private static async ValueTask Follow(
        KernelContext c, KernelModel kernel, PerfBreakpoints perf, KernelTask[] tasks, string name, string row)
    {
        SlotInvariants invariants = new(kernel, perf);
        List<(string Kind, PerfBreakpoint Breakpoint)> held = [];
        foreach (string request in row.Split(' '))
        {
            string kind = request.TrimStart('!', '-').Split('*')[0];
            int times = request.Contains('*', StringComparison.Ordinal) ? request[^1] - '0' : 1;
            for (int i = 0; i < times; i++)
            {
                if (request[0] == '-')
                {
                    int index = held.FindIndex(entry => entry.Kind == kind);
                    await perf.Slots.Release(c, held[index].Breakpoint);
                    held.RemoveAt(index);
                    continue;
                }

                string before = invariants.Counters();
                PerfBreakpoint bp = Make(kernel, tasks, kind);
                Errno result = await perf.Slots.Reserve(c, bp);
                bool isRefused = request[0] == '!';
                Assert.True(result == (isRefused ? Errno.NoSpace : Errno.None), $"{name}: {request} in \"{row}\" yields {result}; {before}");
                Assert.True(invariants.PromisesFit(), $"{name}: too much promised at {request} in \"{row}\": {invariants.Counters()}");
                if (isRefused)
                {
                    Assert.Equal(before, invariants.Counters());
                }
                else
                {
                    held.Add((kind, bp));
                }
            }
        }

        foreach ((_, PerfBreakpoint bp) in held)
        {
            Assert.True(perf.Slots.IsUsed);
            await perf.Slots.Release(c, bp);
        }

        Assert.False(perf.Slots.IsUsed, $"{name}: something is left of \"{row}\"");
    }

    private static PerfBreakpoint Make(KernelModel kernel, KernelTask[] tasks, string kind)
    {
        string[] parts = kind.Split('/');
        KernelTask? task = parts[0] switch { "t" => tasks[0], "u" => tasks[1], _ => null };
        int? cpu = parts[1] == "all" ? null : int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
        return new PerfBreakpoint(kernel, kind, new BreakpointAttributes(0x1000, 4, BreakpointType.Write), cpu, task);
    }
}
