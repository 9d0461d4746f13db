using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;

namespace KgdbSim.Kernel.Tests.HwBreakpoint.Perf;

/// <summary>A hit taken and dismissed in inline mode costs no memory.</summary>
public sealed class AllocationTests
{
    [Fact]
    public void A_hit_dismissed_allocates_nothing()
    {
        InlineKernel.Run(1, kernel =>
        {
            PerfBreakpoints perf = new(kernel, new PerfBreakpointOptions());
            PerfBreakpoint bp = new(kernel, "bp", new BreakpointAttributes(0xFFFF_FFFF_8100_0000, 4, BreakpointType.Write), 0, null)
            {
                OverflowHandler = static (_, _, _) => ValueTask.CompletedTask,
            };
            DieArgs args = new() { Registers = new KernelRegisters(), HasDr6 = true };
            return async c =>
            {
                await perf.RegisterCpu(c, bp);
                await Hit(c, perf, args, 100);
                long before = GC.GetAllocatedBytesForCurrentThread();
                await Hit(c, perf, args, 1_000);
                Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
                Assert.Equal(1_100, bp.Count.Value);
            };
        });
    }

    private static async ValueTask Hit(KernelContext c, PerfBreakpoints perf, DieArgs args, int count)
    {
        for (int i = 0; i < count; i++)
        {
            args.Dr6 = 1;
            ulong dr7 = await perf.Cpu(0).LocalDbSave(c);
            await perf.HandleDebug(c, args);
            await perf.Cpu(0).LocalDbRestore(c, dr7);
        }
    }
}
