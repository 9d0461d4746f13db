using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Kernel.Tests.HwBreakpoint.Perf;

/// <summary>Breakpoints of tasks come and go with their tasks, whenever they are registered; explored.</summary>
public sealed class TaskPlacementTests
{
    private const ulong User = 0x40_0000;
    private const ulong Kernel = 0xFFFF_FFFF_8100_0000;

    [Fact]
    public void A_task_has_its_breakpoint_whenever_it_runs_and_nobody_else_ever()
    {
        Explore(world =>
        {
            KernelModel kernel = new(world, new KernelOptions { CpuCount = 1, HasIpis = false, Preemption = PreemptionModel.Full });
            PerfBreakpoints perf = new(kernel, new PerfBreakpointOptions());
            kernel.AddScheduler(0, 1);

            // The first one has the CPU from the beginning.
            KernelTask other = kernel.Spawn("other", 0, async c => await Look(c, false));
            KernelTask traced = kernel.Spawn("traced", 0, async c => await Look(c, true));
            PerfBreakpoint bp = new(kernel, "bp", new BreakpointAttributes(User, 4, BreakpointType.Write), null, traced);
            perf.Tasks.Of(traced).Events.Commit([bp]);
            perf.Tasks.Of(other);
            bp.Arch.Cell.Commit(new ArchBreakpoint(User, ArchBreakpoint.Length4, ArchBreakpoint.Write));
            bp.State.Cell.Commit(PerfEventState.Inactive);

            async ValueTask Look(KernelContext c, bool expected)
            {
                await c.LocalStep();
                ulong dr7 = await c.Home.DebugRegisters.Read(c, 7);
                if (Dr7Encoding.Armed(dr7) != 0 != expected)
                {
                    c.Fail("breakpoint of another", $"{c.Name} runs with DR7 {dr7:x}");
                }
            }
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Registering_and_unregistering_for_a_task_on_another_CPU_leaves_nothing(bool isBound)
    {
        Explore(world =>
        {
            KernelModel kernel = new(world, new KernelOptions { CpuCount = 2 });
            PerfBreakpoints perf = new(kernel, new PerfBreakpointOptions());
            KernelTask traced = kernel.Spawn("traced", 1, async c => await c.LocalStep());
            perf.Tasks.Of(traced);
            PerfBreakpoint bp = new(kernel, "bp", new BreakpointAttributes(User, 4, BreakpointType.Write), isBound ? 1 : null, traced);
            SlotInvariants invariants = new(kernel, perf);
            kernel.Spawn("tracer", 0, async c =>
            {
                Errno result = await perf.RegisterTask(c, bp, false);
                if (result != Errno.None)
                {
                    c.Fail("refused", $"{result}");
                }

                await perf.Unregister(c, bp);
            });
            world.AtEnd("nothing is left", () => !perf.Slots.IsUsed && invariants.FreedIsNowhere(1) && !perf.Cpu(1).IsActive);
            world.AtEnd("registers are as wanted", () => invariants.Dr7IsAsWanted(0) && invariants.Dr7IsAsWanted(1) && invariants.ArmedIsOwned(1));
        });
    }

    /// <summary>I4: no callback begins or goes on after unregister has returned and freed it.</summary>
    [Fact]
    public void No_callback_runs_after_unregister_has_returned()
    {
        Explore(world =>
        {
            KernelModel kernel = new(world, new KernelOptions { CpuCount = 2 });
            PerfBreakpoints perf = new(kernel, new PerfBreakpointOptions());
            SharedCell<bool> isArmed = world.Cell("armed", false);
            PerfBreakpoint bp = new(kernel, "bp", new BreakpointAttributes(Kernel, 4, BreakpointType.Write), 1, null)
            {
                OverflowHandler = async (c, self, _) => await self.Touch(c, "overflow_handler"),
            };
            SlotInvariants invariants = new(kernel, perf);
            kernel.Spawn("owner", 0, async c =>
            {
                await perf.RegisterCpu(c, bp);
                await isArmed.Write(c, true);
                await perf.Unregister(c, bp);
            });
            kernel.Spawn("user", 1, async c =>
            {
                await isArmed.WaitUntil(c, static armed => armed);
                if (await new Step<WatchedAccess, bool>(c, new WatchedAccess(Kernel, 4, true)))
                {
                    ulong dr7 = await perf.Cpu(1).LocalDbSave(c);
                    await perf.HandleDebug(c, new DieArgs { Registers = new KernelRegisters(), Dr6 = 1, HasDr6 = true });
                    await perf.Cpu(1).LocalDbRestore(c, dr7);
                    await c.Home.Leave(c);
                }
            });
            world.AtEnd("registers are as wanted", () => invariants.Dr7IsAsWanted(1) && invariants.ArmedIsOwned(1) && invariants.FreedIsNowhere(1));
        });
    }

    /// <summary>An NMI anywhere in install and uninstall never sees an armed DR7 beside an idle copy (B4).</summary>
    [Fact]
    public void An_NMI_never_finds_DR7_armed_and_the_copy_idle()
    {
        Explore(world =>
        {
            KernelModel kernel = new(world, new KernelOptions { CpuCount = 1, HasIpis = false });
            PerfBreakpoints perf = new(kernel, new PerfBreakpointOptions());
            PerfBreakpoint bp = new(kernel, "bp", new BreakpointAttributes(Kernel, 4, BreakpointType.Write), 0, null);
            kernel.Spawn("owner", 0, async c =>
            {
                await perf.RegisterCpu(c, bp);
                await perf.Unregister(c, bp);
            });
            kernel.AddInterrupt("nmi", 0, ContextKind.Nmi, 1, async c =>
            {
                ulong copy = await perf.Cpu(0).Dr7.Read(c);
                ulong dr7 = await c.Home.DebugRegisters.Read(c, 7);
                if (Dr7Encoding.Armed(dr7) != 0 && Dr7Encoding.Armed(copy) == 0)
                {
                    c.Fail("armed unknown to the kernel", $"DR7 {dr7:x}, cpu_dr7 {copy:x}");
                }
            });
        });
    }

    /// <summary>
    /// Requests of the slot table from two CPUs at the same time: on CPU 0 there are four slots for both together, and tasks don't
    /// count against each other.
    /// </summary>
    [Theory]
    [InlineData("two tasks everywhere", "t/all t/all", "u/all u/all", 4)]
    [InlineData("a task everywhere and a CPU", "t/all t/all t/all", "cpu/0 cpu/0 cpu/0", 4)]
    [InlineData("a task on a CPU and a CPU", "t/0 t/0 t/0", "cpu/0 cpu/0 cpu/0", 4)]
    [InlineData("a task mixed and a CPU", "t/0 t/all t/0", "cpu/0 cpu/0 cpu/0", 4)]
    [InlineData("a task and a task, both on a CPU", "t/0 t/0", "u/0 u/0", 4)]
    public void Slots_are_shared_out_whoever_comes_first(string what, string first, string second, int expected)
    {
        Explore(world =>
        {
            KernelModel kernel = new(world, new KernelOptions { CpuCount = 2, HasIpis = false });
            PerfBreakpoints perf = new(kernel, new PerfBreakpointOptions());
            SharedCell<int> served = world.Cell("served", 0);
            KernelTask[] tasks = new KernelTask[2];
            string[] requests = [first, second];
            for (int i = 0; i < 2; i++)
            {
                int index = i;
                tasks[i] = kernel.Spawn(i == 0 ? "t" : "u", i, c => ReserveAll(c, index));
                perf.Tasks.Of(tasks[i]);
            }

            SlotInvariants invariants = new(kernel, perf);
            world.AtEnd($"{what}: nobody was promised more than there is", invariants.PromisesFit);
            world.AtEnd($"{what}: {expected} are served", () => served.Value == expected);

            async ValueTask ReserveAll(KernelContext c, int index)
            {
                foreach (string request in requests[index].Split(' '))
                {
                    int? cpu = request.EndsWith("/all", StringComparison.Ordinal) ? null : 0;
                    KernelTask? task = request.StartsWith("cpu", StringComparison.Ordinal) ? null : tasks[index];
                    PerfBreakpoint bp = new(kernel, request, new BreakpointAttributes(User, 4, BreakpointType.Write), cpu, task);
                    if (await perf.Slots.Reserve(c, bp) == Errno.None)
                    {
                        await served.FetchAdd(c, 1);
                    }
                }
            }
        });
    }

    /// <summary>2.6.33 counts a task's breakpoints without their CPUs, and moves entries that aren't there.</summary>
    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void The_first_accounting_miscounts_a_task_on_one_CPU_and_on_all(bool hasHistograms, bool miscounts)
    {
        ExplorationReport report = Explorer.Explore(new Program(world =>
        {
            KernelModel kernel = new(world, new KernelOptions { CpuCount = 2, HasIpis = false });
            PerfBreakpoints perf = new(kernel, new PerfBreakpointOptions { HasHistograms = hasHistograms });
            KernelTask traced = kernel.Spawn("t", 1, static _ => ValueTask.CompletedTask);
            perf.Tasks.Of(traced);
            kernel.Spawn("tracer", 0, async c =>
            {
                foreach (int? cpu in new int?[] { 0, null })
                {
                    await perf.Slots.Reserve(c, new PerfBreakpoint(kernel, "bp", new BreakpointAttributes(User, 4, BreakpointType.Write), cpu, traced));
                }
            });
        }), new ExplorationOptions());

        Assert.Equal(miscounts, report.Counterexamples.Any(found => found.Violation.Property == "slot accounting"));
    }

    private static void Explore(Action<World> setUp)
    {
        ExplorationReport report = Explorer.Explore(new Program(setUp), new ExplorationOptions());
        Assert.True(report.Verdict == Verdict.Exhausted, report.ToString());
    }

    private sealed class Program(Action<World> setUp) : IProgram
    {
        public string Name => "task-placement";

        public void SetUp(World world) => setUp(world);
    }
}
