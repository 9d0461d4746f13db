using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>HB-13: a new DR7 disables one register and enables another that can't be had.</summary>
internal sealed class Hb13 : Scenario
{
    public override string Id => "HB-13";

    public override string Subject =>
        "ptrace frees the breakpoint that the old DR7 had before it knows that the new one can be had, and can't make it again";

    public override string Cure =>
        "first pass enables only, second pass frees what is disabled; on an error the second pass is made with the old DR7";

    public override string Participants => "1 CPU: task (ptrace)";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("bad-a", true, "as merged: a register is looked for from 0 up, so the second pass frees the new breakpoint and allocates it again"),
    ];

    private const ulong Dr7Before = 0x000D0001;
    private const ulong Dr7Wanted = 0x0D000010;

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        Stage2630 stage = new(world, 1, new InterfaceForm { FreesEarly = variant.Name == "bad" });
        PtraceRegisters ptrace = new(stage.Kernel, stage.Tables, stage.Hw.Threads, new InfoValidator())
        {
            // Where memory fails is the explorer's choice; with bad-a only once the first pass is over.
            MemoryLeft = world.Cell("memory", 4),
        };
        stage.Kernel.Spawn("T", 0, c => Trace(c, stage, ptrace, variant.Name));
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask Trace(KernelContext c, Stage2630 stage, PtraceRegisters ptrace, string variant)
    {
        ThreadBreakpoints thread = stage.Tables.Current(c.Home);
        await ptrace.Write(c, thread, 0, Stage2630.UserAddress);
        await ptrace.Write(c, thread, 7, Dr7Before);

        // Aligned or not, with memory for none, one, two objects more: drawn.
        bool isAligned = variant == "bad-a" || await c.Draw(2) == 0;
        int memory = (int)await c.Draw(3);
        await ptrace.Write(c, thread, 2, Stage2630.UserAddress + (isAligned ? 0x10UL : 0x11UL));
        await ptrace.MemoryLeft!.Write(c, variant == "fixed" && isAligned ? (memory == 0 ? 0 : 2) : memory);
        Errno result = await ptrace.Write(c, thread, 7, Dr7Wanted);
        ulong dr7 = await thread.DebugReg7.Read(c);
        ulong address = await thread.Addresses[0].Read(c);
        if (result != Errno.None && (dr7 != (Dr7Before & ~1UL | 0x202) || address != Stage2630.UserAddress))
        {
            c.Fail("breakpoint lost", $"PTRACE_POKEUSER yields {result} and leaves debugreg7 {dr7:x}");
        }
    }
}
