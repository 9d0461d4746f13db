using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>KG-07: a breakpoint that is wide by hand: slots taken and given back CPU by CPU.</summary>
internal sealed class Kg07 : KgdbScenario
{
    public override string Id => "KG-07";

    public override string Subject =>
        "z is refused half-way, at a CPU whose task holds the accounting lock; the retry gives the first CPU's slot back twice";

    public override string Cure => "what has been given back is remembered; Z, refused half-way, gives back what it took";

    public override string Participants => "2 CPUs: session; task that the roundup missed";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("fixed-reserve", false, "Z refused at CPU 1, which has 4: CPU 0 has 3 as before, and after CPU 1 frees one Z succeeds"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        bool isReserve = variant.Name == "fixed-reserve";
        KgdbStageOptions options = KgdbStageOptions.Of(2, variant.Name == "bad" ? KgdbDefects.PartialRelease : KgdbDefects.None);
        KgdbStage stage = new(world, options with { Kgdb = options.Kgdb with { RoundsUp = false } });
        HistogramSlots slots = (HistogramSlots)stage.Perf!.Slots;
        StageThread thread = BreakThen(stage, 0);
        if (isReserve)
        {
            SetUpReserve(world, stage, slots, thread);
            return;
        }

        stage.Play(async (c, _, _) =>
        {
            await Watch(stage, c, Watched);
            Errno error = await Unwatch(stage, c, Watched);
            if (error != Errno.None)
            {
                c.Line("gdb retries when the lock is free");
                await slots.CountingLock.State.WaitUntil(c, static state => state == 0);
                await Unwatch(stage, c, Watched);
            }

            return KgdbSessionResult.Continue;
        });
        stage.Kernel.Spawn("C0", 0, thread.Run);
        stage.Kernel.Spawn("C1", 1, async c =>
        {
            await slots.CountingLock.DownWrite(c);
            await slots.CountingLock.UpWrite(c);
        });
        world.AtEnd("no counter is below 0", () => slots.CpuPinned(0) >= 0 && slots.CpuPinned(1) >= 0);
        world.AtEnd("what is enabled has its slots",
            () => !stage.Hardware.Entry(0).IsEnabled || (slots.CpuPinned(0), slots.CpuPinned(1)) == (1, 1));
    }

    /// <summary>The numbers of the specification's appendix A: cpu_pinned {3,4}, then {3,3}.</summary>
    private static void SetUpReserve(World world, KgdbStage stage, HistogramSlots slots, StageThread thread)
    {
        stage.Play(async (c, _, _) =>
        {
            Errno refused = await Watch(stage, c, Watched);
            (int, int, bool) after = (slots.CpuPinned(0), slots.CpuPinned(1), stage.Hardware.Entry(0).IsEnabled);
            PerfBreakpoint freed = slots.Holders(1).First();
            await slots.DbgRelease(c, freed);
            Errno accepted = await Watch(stage, c, Watched);
            if (refused != Errno.NotPermitted || after != (3, 4, false) || accepted != Errno.None
                || (slots.CpuPinned(0), slots.CpuPinned(1)) != (4, 4))
            {
                c.Fail("slot accounting", $"Z2: {refused}, then {after}; Z2 again: {accepted}, {slots.CpuPinned(0)},{slots.CpuPinned(1)}");
            }

            return KgdbSessionResult.Continue;
        });
        stage.Kernel.Spawn("C0", 0, async c =>
        {
            for (int i = 0; i < 7; i++)
            {
                PerfBreakpoint bp = new(stage.Kernel, $"perf{i}", new BreakpointAttributes(Other, 1, BreakpointType.Write), i < 3 ? 0 : 1, null);
                await slots.Reserve(c, bp);
            }

            await thread.Run(c);
        });
        world.AtEnd("Z2 succeeded in the end", () => stage.Hardware.Entry(0).IsEnabled);
    }
}
