using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>KG-24: breakinfo beside perf events: the same facts twice.</summary>
internal sealed class Kg24 : KgdbScenario
{
    public override string Id => "KG-24";

    public override string Subject =>
        "an entry is used again for another kind, the event behind it still has the old one: the wrong kind is armed";

    public override string Cure => "installing copies address, length and type into the event each time";

    public override string Participants => "1 CPU: session";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("fixed-unaligned", false, "no validation: an unaligned range is armed as it is, and the processor masks its low bits"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KgdbStageOptions options = KgdbStageOptions.Of(1, KgdbDefects.Faithful61);
        KgdbStage stage = new(world, options with
        {
            Kgdb = options.Kgdb with { Without = variant.HasFix ? KgdbCures.None : KgdbCures.CopyAllFields },
        });
        bool isUnaligned = variant.Name == "fixed-unaligned";
        stage.Play(async (c, _, n) =>
        {
            if (n == 0)
            {
                await stage.Hardware.Set(c, Code + 1, 1, KgdbBreakpointType.Execute);
            }
            else if (n == 1)
            {
                await stage.Hardware.Remove(c, Code + 1, 1, KgdbBreakpointType.Execute);
                await stage.Hardware.Set(c, Watched + (isUnaligned ? 2UL : 0), 4, KgdbBreakpointType.Write);
            }

            return KgdbSessionResult.Continue;
        });

        // An int3 between them, so that the exit of #DB has no part in this.
        stage.Memory.Map(Code + 1, 0xCC);
        StageThread thread = BreakThen(stage, 0, new StageInstruction(Code + 1), Store(Code + 2, Watched + 1), Store(Code + 3, Watched + 4));
        stage.Kernel.Spawn("C0", 0, thread.Run);
        world.AtEnd("what is armed is what breakinfo says", () =>
            stage.Perf!.Cpu(0).Slots[0].Value is { } bp && bp.Arch.Value == stage.Hardware.Entry(0).Arch
                && (stage.Kernel.Cpus[0].DebugRegisters.Value(7) & 0xF0002) == 0xD0002);
        world.AtEnd("bytes 0 to 3 are watched, byte 4 isn't", () => stage.Log.Starts[^1].Ip == Code + 3);
    }
}
