using KgdbSim.Target.Embedding;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Hosting;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.Kgdb;

namespace KgdbSim.Kernel.Tests.Hosting;

/// <summary>2.6.30: kgdb, other kernel breakpoints and traced tasks share registers by the rules of June 2009 (commits 62a038d34db2 ff.).</summary>
public sealed class InterfaceLayerTests
{
    private const string Kernel = "2.6.30";

    [Fact]
    public void The_kernels_are_from_DR3_down_on_all_cpus_and_a_tasks_from_DR0_up_on_its_own()
    {
        using ArmedGuest guest = new(Kernel, 2);
        guest.Enter();
        SimulatedKernel kernel = guest.Simulation.Kernel!;
        Assert.Equal("", kernel.AddKernelBreakpoint("ksym", guest.Variable, 8, KernelBreakpointKind.Write).ToString());
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Function, 1, KgdbBreakpointType.Execute));
        Assert.Equal("", kernel.AddPtraceBreakpoint(1, 0, guest.Variable, 4, KernelBreakpointKind.ReadWrite).ToString());
        guest.Go();
        Assert.Equal([("ksym", 3), ("kgdb[0]", 2)], kernel.Slots(0).Select(static slot => (slot.Owner, slot.Register ?? -1)));
        Assert.Equal([("ksym", 3), ("kgdb[0]", 2), ("guest/1.ptrace0", 0)],
            kernel.Slots(1).Select(static slot => (slot.Owner, slot.Register ?? -1)));

        // L0/G0 with R/W 3, LEN 3; G2 with execution; G3 with R/W 1, LEN 2; GE (SDM vol. 3, 18.2.4).
        Assert.Equal(0x900F0000UL | 0x6A2 | 0x400, kernel.DebugRegisters(1).AtResume.Dr7);
        Assert.Equal(0x400UL, kernel.DebugRegisters(1).Hardware.Dr7);
    }

    [Fact]
    public void Hits_of_others_are_counted_and_stop_nobody()
    {
        using ArmedGuest guest = new(Kernel, 2);
        SimulatedKernel kernel = guest.Simulation.Kernel!;
        Assert.True(kernel.AddKernelBreakpoint("ksym", guest.Variable, 8, KernelBreakpointKind.Write).IsDone);
        guest.Enter();
        Assert.True(kernel.AddKernelBreakpoint("calls", guest.Function, 1, KernelBreakpointKind.Execute).IsDone);
        Assert.True(kernel.AddPtraceBreakpoint(1, 1, guest.Variable, 8, KernelBreakpointKind.Write).IsDone);
        Assert.True(kernel.AddPtraceBreakpoint(1, 0, guest.Function, 1, KernelBreakpointKind.Execute).IsDone);
        guest.Host.Resume(-1);
        guest.RunFreely(10_000);
        ulong calls = guest.Simulation.Cpu(0).Rbx + guest.Simulation.Cpu(1).Rbx;
        long[] counted = [.. kernel.KernelBreakpoints.Select(static bp => bp.HitCount)];
        Assert.InRange((ulong)counted[1], calls, calls + 2);
        Assert.InRange(counted[0], counted[1], counted[1] + 2);
        Dictionary<string, long> hits = kernel.Slots(1).ToDictionary(static slot => slot.Owner, static slot => slot.HitCount);
        Assert.InRange((ulong)hits["guest/1.ptrace0"], guest.Simulation.Cpu(1).Rbx, guest.Simulation.Cpu(1).Rbx + 1);
        Assert.InRange(hits["guest/1.ptrace1"], hits["guest/1.ptrace0"], hits["guest/1.ptrace0"] + 1);
        Assert.Contains(kernel.Events, static trap => trap is { Kind: "debug", Dr6: 8, Verdict: "consumed", Consumer: "hw_breakpoint", Cpu: 0 });
        Assert.Contains(kernel.Events, static trap => trap is { Kind: "debug", Verdict: "signal", Cpu: 1 });
    }

    /// <summary>
    /// The overcommit rule: only register hbp_kernel_pos - 1 is asked about (kernel/hw_breakpoint.c: register_kernel_hw_breakpoint).
    /// </summary>
    [Fact]
    public void A_task_in_DR3_leaves_the_kernel_none()
    {
        using ArmedGuest guest = new(Kernel, 2);
        guest.Enter();
        SimulatedKernel kernel = guest.Simulation.Kernel!;
        Assert.True(kernel.AddPtraceBreakpoint(1, 3, guest.Variable, 8, KernelBreakpointKind.Write).IsDone);
        string before = guest.State();
        Assert.Equal(Errno.NoSpace, guest.Host.InsertHardware(guest.Function, 1, KgdbBreakpointType.Execute));
        Assert.Equal("ENOSPC: the next register for the kernel is DR3, which guest/1.ptrace3 has",
            kernel.AddKernelBreakpoint("ksym", guest.Variable, 8, KernelBreakpointKind.Write).ToString());
        Assert.Equal(before, guest.State());
        Assert.EndsWith("DR3, which guest/1.ptrace3 has", guest.Host.DescribeSlotOwners(), StringComparison.Ordinal);
        Assert.True(kernel.RemovePtraceBreakpoint(1, 3).IsDone);
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Function, 1, KgdbBreakpointType.Execute));
    }

    [Fact]
    public void Each_cpu_loads_the_table_on_its_own_way_out()
    {
        using ArmedGuest guest = new(Kernel, 3);
        guest.Enter();
        BreakpointTables tables = guest.Host.Layer.Interface!.Tables;
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Function, 1, KgdbBreakpointType.Execute));
        Assert.NotNull(tables.Kernel[3].Value);
        Assert.All(Enumerable.Range(0, 3), cpu => Assert.Null(tables.Loaded(cpu)[3].Value));
        guest.Go();
        Assert.All(Enumerable.Range(0, 3), cpu => Assert.Same(tables.Kernel[3].Value, tables.Loaded(cpu)[3].Value));
        guest.Host.RemoveAll();
        Assert.Equal(4, tables.Position.Value);
        guest.Host.Resume(-1);
        guest.RunFreely(1_000);
        Assert.All(Enumerable.Range(0, 3), cpu => Assert.Null(tables.Loaded(cpu)[3].Value));
    }

    /// <summary>A CPU may stand with a hit that its handler has not looked up yet.</summary>
    [Fact]
    public void Nothing_moves_to_another_register_while_cpus_stand()
    {
        using ArmedGuest guest = new(Kernel, 2);
        guest.Enter();
        for (ulong n = 0; n < 3; n++)
        {
            Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Function + (n << 12), 1, KgdbBreakpointType.Execute));
        }

        guest.Go();
        Assert.Equal(Errno.None, guest.Host.RemoveHardware(guest.Function, 1, KgdbBreakpointType.Execute));
        Assert.Equal(["kgdb[1]", "kgdb[2]"], guest.Simulation.Kernel!.Slots(0).Select(static slot => slot.Owner));
        Assert.Equal([2, 1], guest.Simulation.Kernel.Slots(0).Select(static slot => slot.Register));
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Variable, 8, KgdbBreakpointType.Write));
        Assert.Equal(KgdbStopKind.WriteWatch, guest.Go().Kind);
        Assert.Equal([3, 2, 1], guest.Simulation.Kernel.Slots(0).Select(static slot => slot.Register));
    }

    [Fact]
    public void A_lock_that_somebody_who_stands_holds_is_a_refusal()
    {
        using ArmedGuest guest = new(Kernel, 2);
        guest.Enter();
        BreakpointTables tables = guest.Host.Layer.Interface!.Tables;
        guest.Host.Do(async c =>
        {
            await tables.Lock.Lock(c);
            return Errno.None;
        });
        string before = guest.State();
        Assert.Equal(Errno.Busy, guest.Host.InsertHardware(guest.Function, 1, KgdbBreakpointType.Execute));
        Assert.Equal(before, guest.State());
        guest.Host.Do(async c =>
        {
            await tables.Lock.Unlock(c);
            return Errno.None;
        });
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Function, 1, KgdbBreakpointType.Execute));
    }

    [Theory]
    [InlineData("EINVAL", 1UL, 8, KernelBreakpointKind.Write, "x")]
    [InlineData("EINVAL", 0UL, 3, KernelBreakpointKind.Write, "x")]
    [InlineData("EINVAL", 0UL, 8, KernelBreakpointKind.Read, "x")]
    [InlineData("EINVAL", 0UL, 8, KernelBreakpointKind.Execute, "x")]
    [InlineData("EINVAL", 0UL, 8, KernelBreakpointKind.Write, "a b")]
    [InlineData("EEXIST", 0UL, 8, KernelBreakpointKind.Write, "there")]
    public void A_refused_kernel_breakpoint_changes_nothing(string error, ulong offset, int length, KernelBreakpointKind kind, string name)
    {
        using ArmedGuest guest = new(Kernel, 2);
        guest.Enter();
        SimulatedKernel kernel = guest.Simulation.Kernel!;
        Assert.True(kernel.AddKernelBreakpoint("there", guest.Variable, 8, KernelBreakpointKind.Write).IsDone);
        string before = guest.State();
        KernelResult result = kernel.AddKernelBreakpoint(name, guest.Variable + offset, length, kind);
        Assert.Equal(error, result.Error);
        Assert.NotEmpty(result.Reason);
        Assert.Equal(before, guest.State());
        Assert.Equal("ENOENT", kernel.RemoveKernelBreakpoint("nobody").Error);
    }
}
