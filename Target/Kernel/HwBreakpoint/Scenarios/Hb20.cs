using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>HB-20: whether the kernel gets a register depends on the one below its own alone.</summary>
internal sealed class Hb20 : Scenario
{
    public override string Id => "HB-20";

    public override string Subject => "register_kernel_hw_breakpoint() yields -ENOSPC though three registers are free";

    public override string Cure =>
        "none: threads allocate from 0 up, the kernel from 3 down, and only register hbp_kernel_pos - 1 is asked about";

    public override string Participants => "1 CPU: task";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        new("bad", true, "measured by what a user would expect: refused only if nothing is free"),
        ScenarioVariant.Fixed,
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        Stage2630 stage = new(world, 1, InterfaceForm.Merged);
        BreakpointInfo info = new(Stage2630.Address1, 0x40, 0x81);
        HardwareBreakpoint[] kernels = [.. Enumerable.Range(0, 4).Select(i => stage.Make($"K{i}", info))];
        HardwareBreakpoint[] users = [.. Enumerable.Range(0, 4).Select(i => stage.MakeUser($"U{i}"))];
        stage.Kernel.Spawn("C0", 0, c => RegisterAll(c, stage, kernels, users, variant.HasFix));
    }

    /// <summary>Some register is a thread's (drawn), then the kernel and the thread register as much as they can.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask RegisterAll(
        KernelContext c, Stage2630 stage, HardwareBreakpoint[] kernels, HardwareBreakpoint[] users, bool knowsRule)
    {
        BreakpointTables tables = stage.Tables;
        ThreadBreakpoints thread = tables.Current(c.Home);
        int taken = (int)await c.Draw(4);
        await thread.Breakpoints[taken].Write(c, users[3]);
        await tables.UserCount[taken].Write(c, 1);
        for (int i = 0; i < 4; i++)
        {
            int position = tables.Position.Value;
            bool mayHave = position > 0 && tables.UserCount[position - 1].Value == 0;
            bool someFree = Enumerable.Range(0, position).Any(r => tables.UserCount[r].Value == 0);
            bool has = await stage.Hw.Kernel.Register(c, kernels[i]) == Errno.None;
            if (has != (knowsRule ? mayHave : someFree))
            {
                c.Fail("registers shared out",
                    $"with hbp_kernel_pos {position} and a thread in {taken} the kernel is {(has ? "served" : "refused")}");
            }

            if (i < 3)
            {
                position = tables.Position.Value;
                mayHave = Enumerable.Range(0, position).Any(r => thread.Breakpoints[r].Value is null);
                has = await stage.Hw.Threads.Register(c, thread, users[i]) == Errno.None;
                if (has != mayHave)
                {
                    c.Fail("registers shared out", $"with hbp_kernel_pos {position} the thread is {(has ? "served" : "refused")}");
                }
            }
        }

        if (Enumerable.Range(tables.Position.Value, 4 - tables.Position.Value).Any(r => tables.UserCount[r].Value != 0))
        {
            c.Fail("registers shared out", "a register has two owners");
        }
    }
}
