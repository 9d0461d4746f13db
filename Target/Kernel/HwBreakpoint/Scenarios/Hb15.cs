using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.HwBreakpoint;

/// <summary>HB-15: ptrace allocates one object ahead and calls the routines below the lock.</summary>
internal sealed class Hb15 : Scenario
{
    public override string Id => "HB-15";

    public override string Subject =>
        "a DR7 that enables two registers has one object for both; one that enables none can fail for want of memory; nobody holds the lock";

    public override string Cure => "allocate per register and call the public functions";

    public override string Participants => "2 CPUs: task (ptrace); task";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        new("bad", true, "two registers are enabled at once"),
        ScenarioVariant.Fixed,
        new("bad-a", true, "memory is out, and none is needed"),
        new("fixed-a", false, "the same with the cure"),
        new("bad-b", true, "the kernel registers at the same time"),
        new("fixed-b", false, "the same with the cure"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        bool needsNone = variant.Name is "bad-a" or "fixed-a";
        bool hasRival = variant.Name is "bad-b" or "fixed-b";
        Stage2630 stage = new(world, hasRival ? 2 : 1, new InterfaceForm { PreallocatesOne = !variant.HasFix });
        PtraceRegisters ptrace = new(stage.Kernel, stage.Tables, stage.Hw.Threads, new InfoValidator())
        {
            MemoryLeft = world.Cell("memory", needsNone ? 0 : 100),
        };
        HardwareBreakpoint k = stage.MakeK1();
        ulong dr7 = needsNone ? 0UL : hasRival ? 0x000D0001UL : 0x00DD0005UL;
        stage.Kernel.Spawn("T", 0, async c =>
        {
            ThreadBreakpoints thread = stage.Tables.Current(c.Home);
            await ptrace.Write(c, thread, 0, Stage2630.UserAddress);
            await ptrace.Write(c, thread, 1, Stage2630.UserAddress + 0x10);
            Errno result = await ptrace.Write(c, thread, 7, dr7);
            if (result == Errno.NoMemory)
            {
                c.Fail("no memory", "-ENOMEM, and no allocation that the request needs has failed");
            }
        });
        if (!hasRival)
        {
            return;
        }

        // One register is left for the two of them.
        stage.Tables.Position.Commit(1);
        stage.Kernel.Spawn("C1", 1, async c => await stage.Hw.Kernel.Register(c, k));
        world.AtEnd("no register has two owners", () => stage.Tables.Kernel[0].Value is null || stage.Tables.UserCount[0].Value == 0);
    }
}
