using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>KG-22: kgdb accepts hardware breakpoints where perf wouldn't.</summary>
internal sealed class Kg22 : KgdbScenario
{
    /// <summary>asm_exc_debug.</summary>
    private const ulong Entry = 0xFFFF_FFFF_8200_0000;

    private const ulong EntryArea = 0xFFFF_FE00_0000_0000;

    public override string Id => "KG-22";

    public override string Subject =>
        "Z1 on the entry code of #DB: the breakpoint fires before DR7 is off, and again in its own entry, without end";

    public override string Cure =>
        "what perf's parser refuses is refused: entry code, CPU entry area, per-CPU data of the handlers";

    public override string Participants => "1 CPU: #DB";

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KgdbStageOptions options = KgdbStageOptions.Of(1, variant.HasFix ? KgdbDefects.None : KgdbDefects.NoAddressCheck);
        BreakpointParser parser = new()
        {
            Forbidden = [new AddressRange("CPU entry area", EntryArea, 0x1000)],
            KprobeBlacklist = [new AddressRange("asm_exc_debug", Entry, 0x40)],
        };
        KgdbStage stage = new(world, options with { Perf = options.Perf with { Parser = parser } });
        stage.Play(async (c, _, n) =>
        {
            if (n == 0)
            {
                Errno entry = await stage.Hardware.Set(c, Entry, 1, KgdbBreakpointType.Execute);
                Errno stack = await stage.Hardware.Set(c, EntryArea + 8, 8, KgdbBreakpointType.Access);
                Errno unaligned = await stage.Hardware.Set(c, Watched + 2, 4, KgdbBreakpointType.Write);
                if (variant.HasFix && (entry, stack, unaligned) != (Errno.Invalid, Errno.Invalid, Errno.Invalid))
                {
                    c.Fail("wrong error", $"{entry}, {stack}, {unaligned}");
                }

                await Watch(stage, c, Watched);
            }

            return KgdbSessionResult.Continue;
        });
        stage.EntryCode = Entry;
        StageThread thread = BreakThen(stage, 0, Store(Code + 1, Watched));
        stage.Kernel.Spawn("C0", 0, thread.Run);
        world.AtEnd("the watch's hit is reported", () => stage.Log.Count == 2);
    }
}
