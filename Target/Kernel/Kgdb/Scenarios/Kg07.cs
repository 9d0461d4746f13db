using System.Runtime.CompilerServices;
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

    public override string Cure => "the accounting's lock is tried once and held over all CPUs, so nothing is refused half-way";

    public override string Participants => "2 CPUs: session; task that the roundup missed";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("remembered", true, "what was given back is remembered, so no counter is wrong; but z refused half-way has given CPU 0's slot back"),
        new("taken", true, "Z refused half-way can't give CPU 0's slot back, as the lock is still held by then"),
        new("fixed-reserve", false, "Z refused at CPU 1, which has 4: CPU 0 has 3 as before, and after CPU 1 frees one Z succeeds"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        bool isReserve = variant.Name == "fixed-reserve";
        KgdbDefects defects = variant.Name switch
        {
            "bad" => KgdbDefects.PartialRelease | KgdbDefects.CountsCpuByCpu,
            "remembered" or "taken" => KgdbDefects.CountsCpuByCpu,
            _ => KgdbDefects.None,
        };
        KgdbStageOptions options = KgdbStageOptions.Of(2, defects);
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
            await Until(c, stage, variant.Name is "fixed" or "taken", () => Watch(stage, c, Watched));
            await Until(c, stage, variant.Name is "fixed" or "remembered", () => Unwatch(stage, c, Watched));
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

    /// <summary>What is refused is tried again when the lock is free.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask Until(KernelContext c, KgdbStage stage, bool changesNothing, Func<ValueTask<Errno>> action)
    {
        HistogramSlots slots = (HistogramSlots)stage.Perf!.Slots;
        (int, int, bool) before = (slots.CpuPinned(0), slots.CpuPinned(1), stage.Hardware.Entry(0).IsEnabled);
        if (await action() == Errno.None)
        {
            return;
        }

        (int, int, bool) after = (slots.CpuPinned(0), slots.CpuPinned(1), stage.Hardware.Entry(0).IsEnabled);
        if (changesNothing && before != after)
        {
            c.Fail("what is refused changes nothing", $"slots of CPU 0 and 1, enabled: {before}, then {after}");
        }

        c.Line("gdb retries when the lock is free");
        await slots.CountingLock.State.WaitUntil(c, static state => state == 0);
        await action();
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
