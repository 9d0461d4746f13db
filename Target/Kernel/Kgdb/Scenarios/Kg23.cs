using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>KG-23: the change of DR7 at the handler's end, apart from kgdb as the reviewer wants it.</summary>
internal sealed class Kg23 : KgdbScenario
{
    public override string Id => "KG-23";

    public override string Subject =>
        "kgdb's patch without the handler's DR7 change: the change belongs to perf's tree, and kgdb needs it";

    public override string Cure =>
        "the DR7 change goes in by itself; whoever has no callback that touches registers doesn't notice";

    public override string Participants => "1 CPU: #DB";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("bad-one-shot", true, "without kgdb: a perf callback that takes its own breakpoint out"),
        new("fixed-one-shot", false, "the same with the change alone"),
        new("fixed-plain", false, "the change alone, callbacks that touch nothing: as before"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KgdbStage stage = new(world, KgdbStageOptions.Of2010(
            KgdbForm.Posted, variant.HasFix ? HandlerForm.KgdbAsPosted : HandlerForm.Linux2633));
        bool hasKgdb = variant.Name is "bad" or "fixed";
        PerfBreakpoint perf = new(stage.Kernel, "perf", new BreakpointAttributes(Watched, 1, BreakpointType.Write), 0, null);
        if (variant.Name.EndsWith("one-shot", StringComparison.Ordinal))
        {
            perf.OverflowHandler = async (c, bp, _) => await stage.Perf!.Cpu(0).Uninstall(c, bp);
        }

        stage.Play(async (c, _, n) =>
        {
            await (n == 0 ? Watch(stage, c, Watched) : Unwatch(stage, c, Watched));
            return KgdbSessionResult.Continue;
        });
        StageThread thread = hasKgdb ? BreakThen(stage, 0, Store(Code + 1, Watched), Store(Code + 2, Watched))
            : stage.Thread(0, Store(Code + 1, Watched), Store(Code + 2, Watched));
        stage.Kernel.Spawn("C0", 0, async c =>
        {
            if (!hasKgdb)
            {
                await stage.Perf!.RegisterCpu(c, perf);
            }

            await thread.Run(c);
        });
        world.AtEnd("DR7 is cpu_dr7", () => IsConsistent(stage, 0));
        if (!hasKgdb)
        {
            world.AtEnd("perf counts its hits", () => perf.Count.Value == (perf.OverflowHandler is null ? 2 : 1) && stage.Log.Count == 0);
        }
    }
}
