using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Kernel.Tests.Kgdb;

/// <summary>kgdb.md sections 3 and 4: masters and slaves.</summary>
public sealed class CoreTests
{
    private const ulong Site = 0xFFFF_FFFF_8100_1000;
    private const ulong Watched = 0xFFFF_8880_0000_2000;

    [Fact]
    public void A_compiled_in_breakpoint_stops_the_other_CPU_and_lets_it_go()
    {
        ExplorationReport report = new Explored("core", world =>
        {
            KgdbStage stage = Break(world, new KgdbStageOptions(), (_, _, _) => ValueTask.FromResult(KgdbSessionResult.Continue));
            stage.Kernel.Spawn("C1", 1, static async c => await c.LocalStep());
            world.AtEnd("one session at the byte after the int3", () => stage.Log.Starts.SequenceEqual([new SessionStart(0, Site + 1, 3)]));
            world.AtEnd("nobody is in the debugger", () => IsOutside(stage));
        }).Explore();

        Assert.True(report.Verdict == Verdict.Exhausted, report.ToString());
    }

    [Fact]
    public void While_it_is_stopped_nobody_is_armed_and_the_registers_of_all_CPUs_are_there()
    {
        ExplorationReport report = new Explored("stopped", world =>
        {
            KgdbStage stage = null!;
            stage = Break(world, 2, KgdbStageOptions.Of(2, KgdbDefects.Faithful61), async (c, _, n) =>
            {
                if (n == 0)
                {
                    await stage.Hardware.Set(c, Watched, 1, KgdbBreakpointType.Write);
                    return KgdbSessionResult.Continue;
                }

                foreach (KgdbCpu cpu in stage.Kgdb.Core.Cpus)
                {
                    ulong dr7 = await stage.Kernel.Cpus[cpu.Number].DebugRegisters.Read(c, 7);
                    if ((dr7 & 0xFF) != 0)
                    {
                        c.Fail("stopped", $"CPU {cpu.Number}: DR7 {dr7:x}");
                    }
                }

                return KgdbSessionResult.Continue;
            });
            world.AtEnd("two sessions", () => stage.Log.Count == 2 && IsOutside(stage));
        }).Explore();

        Assert.True(report.Verdict == Verdict.Exhausted, report.ToString());
    }

    [Fact]
    public void On_the_way_out_text_is_armed_first_then_the_slaves_arm_themselves_and_the_master_last()
    {
        ExplorationReport report = new Explored("order", world =>
        {
            KgdbStage stage = null!;
            stage = Break(world, KgdbStageOptions.Of(2, KgdbDefects.Faithful61), async (c, _, _) =>
            {
                await stage.Hardware.Set(c, Watched, 1, KgdbBreakpointType.Write);
                await stage.Kgdb.Software.Set(c, Site + 0x80);
                return KgdbSessionResult.Continue;
            });
            SharedCell<byte> text = stage.Memory.Map(Site + 0x80);
            SharedCell<ulong> master = stage.Kernel.Cpus[0].DebugRegisters.Cell(7);
            SharedCell<ulong> slave = stage.Kernel.Cpus[1].DebugRegisters.Cell(7);
            SharedCell<int> active = stage.Kgdb.Core.Active;

            // Planted once to try, in the session, when nobody is armed yet.
            world.Always("text before slaves", () => (slave.Value & 2) == 0 || text.Value == 0xCC, slave, text);
            world.Always("slaves before the master", () => (master.Value & 2) == 0 || (slave.Value & 2) != 0, master, slave);
            world.AtEnd("all are armed", () => (master.Value, slave.Value, active.Value) == (0x10602UL, 0x10602UL, KgdbCore.Nobody));
        }).Explore();

        Assert.True(report.Verdict == Verdict.Exhausted, report.ToString());
    }

    [Fact]
    public void Without_anybody_to_talk_to_the_exception_is_passed_on()
    {
        InlineStage inline = new(new KgdbStageOptions { CpuCount = 1 });
        int result = -1;
        inline.Run(async c => result = await inline.Stage.Kgdb.Core.HandleException(c, 3, 5, 0, new KernelRegisters()));

        Assert.Equal(1, result);
        Assert.True(IsOutside(inline.Stage));
    }

    [Fact]
    public void With_panic_timeout_only_SIGTRAP_enters()
    {
        InlineStage inline = new(new KgdbStageOptions { CpuCount = 1, Kgdb = new KgdbOptions { RebootsOnPanic = true } });
        inline.Stage.Play((_, _, _) => ValueTask.FromResult(KgdbSessionResult.Continue));
        List<int> results = [];
        inline.Run(async c =>
        {
            results.Add(await inline.Stage.Kgdb.Core.HandleException(c, 14, 11, 0, new KernelRegisters()));
            results.Add(await inline.Stage.Kgdb.Core.HandleException(c, 3, 5, 0, new KernelRegisters()));
        });

        Assert.Equal([1, 0], results);
        Assert.Equal(1, inline.Stage.Log.Count);
    }

    [Fact]
    public void A_step_sets_TF_and_the_stepping_CPU_and_the_next_command_clears_them()
    {
        InlineStage inline = new(new KgdbStageOptions { CpuCount = 1 });
        KgdbCore core = inline.Stage.Kgdb.Core;
        inline.Stage.Play((_, _, n) => ValueTask.FromResult(n == 0 ? KgdbSessionResult.Step : new KgdbSessionResult(KgdbAction.Continue, 0x1234)));
        KernelRegisters registers = new() { Ip = Site + 1 };
        inline.Run(async c =>
        {
            await core.HandleException(c, 3, 5, 0, registers);
            Assert.Equal((0, 0x100UL, c.Current!.Pid), (core.SteppingCpu.Value, registers.Flags & 0x100, core.SteppedPid.Value));
            await core.HandleException(c, 0, 5, 0, registers);
        });

        Assert.Equal((KgdbCore.Nobody, 0UL, 0x1234UL), (core.SteppingCpu.Value, registers.Flags & 0x100, registers.Ip));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void An_exception_of_the_debugger_kills_all_breakpoints_and_panics_at_the_second_level(bool hasKdb, int levels)
    {
        InlineStage inline = new(new KgdbStageOptions { CpuCount = 1, Kgdb = new KgdbOptions { HasKdb = hasKdb } });
        inline.Stage.Memory.Map(Site);
        bool isNested = false;
        inline.Stage.Play(async (c, _, n) =>
        {
            if (n == 0)
            {
                await inline.Stage.Kgdb.Software.Set(c, Site);
                await inline.Stage.Kgdb.Core.HandleException(c, 14, 11, 0, new KernelRegisters { Ip = Site + 0x40 });
            }

            isNested = n == 1;
            return KgdbSessionResult.Continue;
        });
        inline.Run(async c => await inline.Stage.Kgdb.Core.HandleException(c, 3, 5, 0, new KernelRegisters { Ip = Site + 1 }));

        Assert.Equal(BreakpointState.Undefined, inline.Stage.Kgdb.Software.Entries[0].State);
        Assert.Equal(["KGDB: re-enter exception: ALL breakpoints killed"], inline.Stage.Kgdb.Core.Console);
        Assert.Equal(levels, inline.World.Violations.Count(static violation => violation.Property == "panic"));

        // With kdb the command loop is entered once more; as kgdb_info says "already inside", it isn't here.
        Assert.False(isNested);
    }

    [Fact]
    public void The_master_can_hand_over_and_gets_the_session_back()
    {
        ExplorationReport report = new Explored("switch", world =>
        {
            KgdbStage stage = Break(world, new KgdbStageOptions(), (_, _, n) => ValueTask.FromResult(
                n == 0 ? new KgdbSessionResult(KgdbAction.SwitchCpu, null, 1) : KgdbSessionResult.Continue));
            world.AtEnd("CPU 0, CPU 1, CPU 0", () => stage.Log.Starts.Select(static start => start.Cpu).SequenceEqual([0, 1, 0]));
            world.AtEnd("nobody is in the debugger", () => IsOutside(stage));
        }).Explore();

        Assert.True(report.Verdict == Verdict.Exhausted, report.ToString());
    }

    [Fact]
    public void Another_CPU_can_be_stepped_while_the_master_s_waits()
    {
        ExplorationReport report = new Explored("step-another", world =>
        {
            KgdbStage stage = null!;
            stage = Break(world, new KgdbStageOptions(), async (c, state, n) =>
            {
                KgdbCore core = stage.Kgdb.Core;
                if (n == 0 && stage.Registers(1).Ip == Site + 0x103)
                {
                    // It has nothing left to step over.
                    return KgdbSessionResult.Continue;
                }

                if (n == 0)
                {
                    stage.Registers(1).Flags |= KernelRegisters.TrapFlag;
                    await core.SteppingCpu.Write(c, 1);
                    return new KgdbSessionResult(KgdbAction.Left);
                }

                stage.Registers(1).Flags &= ~KernelRegisters.TrapFlag;
                await core.SteppingCpu.Write(c, KgdbCore.Nobody);
                return new KgdbSessionResult(KgdbAction.Left);
            });
            StageThread other = stage.Thread(
                1, new StageInstruction(Site + 0x100), new StageInstruction(Site + 0x101), new StageInstruction(Site + 0x102));
            stage.Kernel.Spawn("C1", 1, other.Run);
            world.AtEnd("CPU 1 reports its step, if it had one to make",
                () => stage.Log.Count == 1 || (stage.Log.Count == 2 && stage.Log.Starts[1] is { Cpu: 1, Vector: 0 }));
            world.AtEnd("all of its instructions are executed", () => other.Executed.All(static count => count == 1));
            world.Outcome(o => o.Add("sessions", stage.Log.Count));
        }).Explore();

        Assert.Equal(["sessions=1", "sessions=2"], report.OutcomeSet);
        Assert.True(report.Verdict == Verdict.Exhausted, report.ToString());
    }

    [Fact]
    public void Slaves_dump_their_stacks_when_asked()
    {
        ExplorationReport report = new Explored("backtrace", world =>
        {
            KgdbStage stage = null!;
            stage = Break(world, new KgdbStageOptions(), async (c, _, _) =>
            {
                SharedCell<ExceptionRoles> roles = stage.Kgdb.Core.Cpus[1].Roles;
                await roles.Update(c, new OrRoles(ExceptionRoles.WantBacktrace));
                await roles.WaitUntil(c, static value => (value & ExceptionRoles.WantBacktrace) == 0);
                return KgdbSessionResult.Continue;
            });
            world.AtEnd("one dump", () => stage.Kgdb.Core.Cpus[1].BacktraceCount == 1 && IsOutside(stage));
        }).Explore();

        Assert.True(report.Verdict == Verdict.Exhausted, report.ToString());
    }

    private static KgdbStage Break(
        World world, KgdbStageOptions options, Func<KernelContext, KgdbState, int, ValueTask<KgdbSessionResult>> script) =>
        Break(world, 1, options, script);

    /// <summary>CPU 0 executes so many compiled-in int3s.</summary>
    private static KgdbStage Break(
        World world, int count, KgdbStageOptions options, Func<KernelContext, KgdbState, int, ValueTask<KgdbSessionResult>> script)
    {
        KgdbStage stage = new(world, options);
        StageInstruction[] code = [.. Enumerable.Range(0, count).Select(static i => new StageInstruction(Site + (ulong)i))];
        foreach (StageInstruction instruction in code)
        {
            stage.Memory.Map(instruction.Address, 0xCC);
        }

        stage.Play(script);
        stage.Kernel.Spawn("C0", 0, stage.Thread(0, code).Run);
        return stage;
    }

    private static bool IsOutside(KgdbStage stage) => stage.Kgdb.Core is
    {
        Active.Value: KgdbCore.Nobody, MasterLock.Value: 0, SlaveLock.Value: 0, MastersInKgdb.Value: 0, SlavesInKgdb.Value: 0,
        ExceptionLevel.Value: 0,
    };
}
