using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>KG-06: the debugger writes data it watches itself.</summary>
internal sealed class Kg06 : KgdbScenario
{
    /// <summary>The stub's packet buffer.</summary>
    private const ulong Packet = 0xFFFF_8880_0000_4000;

    public override string Id => "KG-06";

    public override string Subject =>
        "a watch on data the stub writes raises #DB inside the session: the recursion guard panics";

    public override string Cure => "every CPU turns DR7 off when it enters, however it came: int3, #DB, NMI, panic";

    public override string Participants => "2 CPUs: #BP; NMI";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("fixed-by-debug", false, "entry by #DB: the entry code has turned DR7 off already, as the reviewer said"),
        new("fixed-slave", false, "a slave counts as arrived before it has disabled its breakpoints, but the NMI's entry code has turned DR7 off"),
        new("bad-perf", true, "6.1: taking kgdb's own breakpoint out writes back DR7 with perf's, which fires in the session"),
        new("fixed-perf", false, "DR7 is zeroed once more after that"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        bool isSlave = variant.Name == "fixed-slave";
        bool byDebug = variant.Name == "fixed-by-debug";
        bool hasPerf = variant.Name is "bad-perf" or "fixed-perf";
        KgdbStageOptions options = KgdbStageOptions.Of(isSlave ? 2 : 1,
            variant.Name == "fixed-perf" ? KgdbDefects.Faithful61 & ~KgdbDefects.RearmsOthers : KgdbDefects.Faithful61);
        bool without = variant.Name == "bad" || byDebug;
        KgdbStage stage = new(world, options with
        {
            Kgdb = options.Kgdb with { Without = without ? KgdbCures.DisableOnEntry : KgdbCures.None },
        });
        stage.Play(async (c, state, n) =>
        {
            if (n == 0)
            {
                await Watch(stage, c, Watched);
            }
            else if (isSlave)
            {
                ulong dr7 = await stage.Kernel.Cpus[1].DebugRegisters.Read(c, 7);
                Check(c, dr7);
            }
            else
            {
                c.Line("the stub writes its packet buffer");
                ulong hits = c.Home.DebugRegisters.MatchData(hasPerf ? Packet : Watched, 1, true);
                if (hits != 0)
                {
                    c.Fail("#DB in a session", $"the stub's store raises a debug exception, DR6 {hits:x}");
                    await stage.Traps.Debug(c, new KernelRegisters { Ip = Code + 0x80 }, DebugRegisterFile.Dr6Idle | hits);
                }
            }

            return KgdbSessionResult.Continue;
        });
        stage.Memory.Map(Code + 2, 0xCC);
        StageThread thread = byDebug ? BreakThen(stage, 0, Store(Code + 1, Watched))
            : BreakThen(stage, 0, Store(Code + 1, Other), new StageInstruction(Code + 2));
        PerfBreakpoint perf = new(stage.Kernel, "perf", new BreakpointAttributes(Packet, 1, BreakpointType.Write), 0, null);
        stage.Kernel.Spawn("C0", 0, async c =>
        {
            if (hasPerf)
            {
                await stage.Perf!.RegisterCpu(c, perf);
            }

            await thread.Run(c);
        });
    }

    private static void Check(KernelContext c, ulong dr7)
    {
        if ((dr7 & 0xFF) != 0)
        {
            c.Fail("armed CPU in a session", $"the session runs while CPU 1 has DR7 {dr7:x}");
        }
    }
}
