using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>KG-08: the events made ahead give their slots back, and take them again when they are wanted.</summary>
internal sealed class Kg08 : KgdbScenario
{
    public override string Id => "KG-08";

    public override string Subject =>
        "kgdb's idle events keep all four slots, or hold none when they are installed: nobody gets a breakpoint, or "
        + "the watch is silently missing";

    public override string Cure => "slots released at init, reserved by Z, registers written at resume";

    public override string Participants => "1 CPU: init; session; task";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        new("bad-kept", true, "the events keep their slots: perf gets -ENOSPC for ever"),
        new("bad-unreserved", true, "released, and never reserved again: perf fills all four, Z succeeds, and nothing is installed"),
        new("bad-not-released", true, "the events are registered, but enabled ones of others left no room: kgdb has no breakpoints at all"),
        ScenarioVariant.Fixed,
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KgdbStageOptions options = KgdbStageOptions.Of(1, KgdbDefects.None);
        KgdbForm form = KgdbForm.Linux61 with { ReservesSlots = variant.Name != "bad-unreserved" };
        KgdbStage stage = new(world, options with { Kgdb = options.Kgdb with { Form = form, StartsEarly = true } });
        stage.Hardware.Early.IsEarly = false;
        int perfCount = variant.HasFix ? 3 : 4;
        stage.Play(async (c, _, n) =>
        {
            if (n == 0 && await Watch(stage, c, Watched) != Errno.None)
            {
                c.Fail("refused", "Z2 is refused though the debugger needs a slot that nobody uses");
            }

            return KgdbSessionResult.Continue;
        });
        StageThread thread = BreakThen(stage, 0, Store(Code + 1, Watched));
        stage.Kernel.Spawn("C0", 0, async c =>
        {
            if (variant.Name == "bad-not-released")
            {
                await FillByPerf(stage, c, 4);
            }

            if (await stage.Hardware.Events.Register(c, variant.Name == "bad-kept") != Errno.None)
            {
                c.Fail("registration", "kgdb: Could not allocate hw breakpoints: disabled");
                return;
            }

            await FillByPerf(stage, c, perfCount);
            await thread.Run(c);
        });
        world.AtEnd("the watch fires", () => stage.Log.Count == 2);
        world.AtEnd("at most four slots are taken", () => stage.Perf!.Slots.CpuPinned(0) <= 4);
    }

    private static async ValueTask FillByPerf(KgdbStage stage, KernelContext c, int count)
    {
        for (int i = 0; i < count; i++)
        {
            PerfBreakpoint bp = new(stage.Kernel, $"perf{i}", new BreakpointAttributes(Other, 1, BreakpointType.Write), 0, null);
            Errno error = await stage.Perf!.RegisterCpu(c, bp);
            if (error != Errno.None)
            {
                c.Fail("slots", $"perf's breakpoint {i} gets {error} while the debugger is idle");
            }
        }
    }
}
