using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Kernel.Sync;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Markers;

/// <summary>MK-03: whether a marker needs patching is asked before the mutex is taken.</summary>
internal sealed class Mk03 : Scenario
{
    // movb $0, %al and movb $1, %al.
    private static readonly byte[] Off = [0xB0, 0];
    private static readonly byte[] On = [0xB0, 1];

    public override string Id => "MK-03";

    public override string Subject =>
        "two tasks enable a marker at once, and the later one patches 1 over 1: whoever hits its int3 skips a movb for nothing";

    public override string Cure => "the test inside the mutex";

    public override string Participants => "2 CPUs: task; task";

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KernelModel kernel = new(world, new KernelOptions { CpuCount = 2, HasIpis = false });
        TextSite marker = new KernelText(kernel).AddSite("marker", 0xFFFF_FFFF_8100_0000, Off, On);
        KernelMutex mutex = new(kernel, "mark_mutex");
        for (int cpu = 0; cpu < 2; cpu++)
        {
            kernel.Spawn($"C{cpu}", cpu, variant.HasFix ? c => SetInside(c, marker, mutex) : c => SetOutside(c, marker, mutex));
        }

        world.AtEnd("the marker is enabled", () => marker.Holds(1));
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask SetOutside(KernelContext c, TextSite marker, KernelMutex mutex)
    {
        c.Line("if (enable ^ dest[1]) {");
        if (await marker.Byte(1).Read(c) == 1)
        {
            return;
        }

        c.Line("mutex_lock(&mark_mutex);");
        await mutex.Lock(c);
        await Patch(c, marker);
        c.Line("mutex_unlock(&mark_mutex);");
        await mutex.Unlock(c);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask SetInside(KernelContext c, TextSite marker, KernelMutex mutex)
    {
        c.Line("mutex_lock(&mark_mutex);");
        await mutex.Lock(c);
        c.Line("if (enable ^ dest[1]) {");
        if (await marker.Byte(1).Read(c) != 1)
        {
            await Patch(c, marker);
        }

        c.Line("mutex_unlock(&mark_mutex);");
        await mutex.Unlock(c);
    }

    /// <summary>The middle of marker_optimized_set_enable(): the synchronisations are no part of the subject.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask Patch(KernelContext c, TextSite marker)
    {
        c.Line("*dest = BREAKPOINT_INSTRUCTION;");
        await marker.WriteInt3(c);
        c.Line("dest[1] = enable;");
        if (await marker.Byte(1).Exchange(c, 1) == 1)
        {
            c.Fail("a marker is patched without a change", $"{c.Name} writes 1 over 1 at {marker.Name}");
        }

        c.Line("*dest = saved_byte;");
        await marker.WriteFirst(c, 1);
    }
}
