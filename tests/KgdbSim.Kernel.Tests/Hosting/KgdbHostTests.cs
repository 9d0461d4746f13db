using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Hosting;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Kgdb;

namespace KgdbSim.Kernel.Tests.Hosting;

/// <summary>kgdb inside a machine, driven as a debugger's stub drives it.</summary>
public sealed class KgdbHostTests
{
    private const ulong Armed = 0xFF;

    public static TheoryData<string> Kernels { get; } = ["6.1", "2.6.35", "2.6.33"];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Debug_registers_are_off_while_stopped_and_come_back_on_the_slaves_first(string kernel)
    {
        using ArmedGuest guest = new(kernel, 4);
        guest.Enter();
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Function, 1, KgdbBreakpointType.Execute));
        KgdbStop stop = guest.Go();
        Assert.Equal((KgdbStopKind.HardwareBreakpoint, guest.Function), (stop.Kind, stop.Address));
        foreach (HostedCpu cpu in guest.Host.Host.Cpus)
        {
            Assert.Equal(0UL, cpu.Cpu.DebugRegisters.Value(7) & Armed);
        }

        List<int> order = [];
        foreach (HostedCpu cpu in guest.Host.Host.Cpus)
        {
            cpu.Cpu.DebugRegisters.Sink = new Recorder(cpu.DebugRegisters, cpu.Cpu.Number, order);
        }

        guest.Go();
        int[] restored = [.. order.Distinct().Take(4)];
        Assert.Equal(4, restored.Length);
        Assert.True(restored[3] == stop.Cpu, $"the master, CPU {stop.Cpu}, arms last: {string.Join(' ', order)}");
    }

    [Fact]
    public void Two_cpus_that_hit_one_breakpoint_together_are_both_told()
    {
        using ArmedGuest guest = new(4);
        guest.Enter();
        Assert.Equal(Errno.None, guest.Host.InsertSoftware(guest.Function));
        KgdbStop first = guest.Go();
        int[] waiting = [.. Enumerable.Range(0, 4).Where(guest.Host.IsWaiting)];
        Assert.True(waiting.Length > 0, "another one hits it while the first is on its way");
        Assert.All(waiting, cpu => Assert.True(guest.Host.IsBehindInt3(cpu)));
        Assert.All(waiting, cpu => Assert.Equal(guest.Function + 1, guest.Rip(cpu)));

        Assert.True(guest.Host.GiveWay());
        KgdbStop second = guest.Host.Stop;
        Assert.Equal((KgdbStopKind.SoftwareBreakpoint, guest.Function), (second.Kind, second.Address));
        Assert.Contains(second.Cpu, waiting);
        Assert.Equal(guest.Function, guest.Rip(first.Cpu));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_hit_whose_breakpoint_all_are_removed_with_stops_nobody(string kernel)
    {
        using ArmedGuest guest = new(kernel, 4);
        guest.Enter();
        Assert.Equal(Errno.None, guest.Host.InsertSoftware(guest.Function));
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Variable, 8, KgdbBreakpointType.Write));
        guest.Go();
        guest.Go();
        guest.Host.RemoveAll();
        guest.Host.Resume(-1);
        guest.RunFreely(100_000);
        foreach (HostedCpu cpu in guest.Host.Host.Cpus)
        {
            Assert.Equal(0UL, cpu.Cpu.DebugRegisters.Value(7) & Armed);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_watched_store_is_a_watch_even_if_it_is_stepped(string kernel)
    {
        using ArmedGuest guest = new(kernel, 1);
        guest.Enter();
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Variable, 8, KgdbBreakpointType.Write));
        guest.Host.Resume(0);
        KgdbStop stop = guest.RunOn();
        Assert.Equal((KgdbStopKind.WriteWatch, guest.Variable, guest.Function - 8), (stop.Kind, stop.Address, guest.Rip(0)));
        Assert.Equal(0UL, guest.Host.Host.Cpus[0].Registers.Flags & KernelRegisters.TrapFlag);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_step_from_a_hit_ends_behind_one_instruction(string kernel)
    {
        using ArmedGuest guest = new(kernel, 1);
        guest.Enter();
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Function, 1, KgdbBreakpointType.Execute));
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Variable, 8, KgdbBreakpointType.Write));
        guest.Host.Resume(0);
        Assert.Equal((KgdbStopKind.WriteWatch, guest.Function - 8), (guest.RunOn().Kind, guest.Rip(0)));
        Assert.Equal((KgdbStopKind.StepDone, guest.Function - 7), (guest.Go(0).Kind, guest.Rip(0)));
        Assert.Equal((KgdbStopKind.HardwareBreakpoint, guest.Function), (guest.Go().Kind, guest.Rip(0)));
        Assert.Equal((KgdbStopKind.StepDone, guest.Function + 3), (guest.Go(0).Kind, guest.Rip(0)));
        Assert.Equal((KgdbStopKind.WriteWatch, guest.Function - 8), (guest.Go().Kind, guest.Rip(0)));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_watch_comes_before_a_breakpoint_on_the_next_instruction(string kernel)
    {
        // The processor reports both with one #DB, behind the store (oracle: "watch + Z1 on the next instruction: one stop").
        using ArmedGuest guest = new(kernel, 1);
        guest.Enter();
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Variable, 8, KgdbBreakpointType.Write));
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Function - 8, 1, KgdbBreakpointType.Execute));
        KgdbStop stop = guest.Go();
        Assert.Equal((KgdbStopKind.WriteWatch, guest.Function - 8), (stop.Kind, guest.Rip(0)));
    }

    /// <summary>
    /// Oracle: "Z1 and Z0 at one address: Z1 first, after c Z0": the processor reports the one before the instruction, the other is the
    /// instruction. Each once, in each form of kgdb, and a stop in each round.
    /// </summary>
    [Theory]
    [MemberData(nameof(Kernels))]
    public void Hardware_and_software_at_one_address_are_told_in_this_order(string kernel)
    {
        using ArmedGuest guest = new(kernel, 1);
        guest.Enter();
        Assert.Equal(Errno.None, guest.Host.InsertSoftware(guest.Function));
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Function, 1, KgdbBreakpointType.Execute));
        for (int round = 0; round < 3; round++)
        {
            Assert.Equal((round, KgdbStopKind.HardwareBreakpoint, guest.Function), (round, guest.Go().Kind, guest.Rip(0)));
            KgdbStop stop = guest.Go();
            Assert.Equal((round, KgdbStopKind.SoftwareBreakpoint, guest.Function), (round, stop.Kind, guest.Rip(0)));

            // "If Z0 is then removed and rip set back: Z1 again": the int3 has cleared RF.
            Assert.Equal(Errno.None, guest.Host.RemoveSoftware(guest.Function));
            Assert.Equal((round, KgdbStopKind.HardwareBreakpoint, guest.Function), (round, guest.Go(0).Kind, guest.Rip(0)));

            // As gdb goes over it: with all breakpoints out.
            Assert.Equal(Errno.None, guest.Host.RemoveHardware(guest.Function, 1, KgdbBreakpointType.Execute));
            Assert.Equal((round, KgdbStopKind.StepDone, guest.Function + 3), (round, guest.Go(0).Kind, guest.Rip(0)));
            Assert.Equal(Errno.None, guest.Host.InsertSoftware(guest.Function));
            Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Function, 1, KgdbBreakpointType.Execute));
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Slots_are_shared_with_perf(string kernel)
    {
        using ArmedGuest guest = new(kernel, 2);
        guest.Enter();
        PerfBreakpoint[] watch = guest.Host.Perf.MakeWide("perf", new BreakpointAttributes(guest.Variable, 8, BreakpointType.Write) { OnlyCounts = true });
        Assert.Equal(Errno.None, guest.Host.Do(c => guest.Host.Perf.RegisterCpu(c, watch[guest.Host.Stop.Cpu])));
        for (ulong n = 0; n < 3; n++)
        {
            Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Function + (n << 12), 1, KgdbBreakpointType.Execute));
        }

        string before = guest.State();
        Assert.NotEqual(Errno.None, guest.Host.InsertHardware(guest.Function + 1, 1, KgdbBreakpointType.Execute));
        Assert.Equal(before, guest.State());
        Assert.Contains("perf", guest.Host.DescribeSlotOwners(), StringComparison.Ordinal);

        Assert.Equal(KgdbStopKind.HardwareBreakpoint, guest.Go().Kind);
        guest.Go();
        guest.Go();
        Assert.True(watch.Sum(static bp => bp.Count.Value) > 0, "perf counts its hits all the while");
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Slots_are_shared_with_a_task_that_is_traced(string kernel)
    {
        using ArmedGuest guest = new(kernel, 2);
        guest.Enter();
        KernelTask traced = guest.Host.Host.Cpus[1].Task;
        PerfBreakpoint watch = new(
            guest.Host.Host.Kernel, "ptrace", new BreakpointAttributes(guest.Variable, 8, BreakpointType.Write) { OnlyCounts = true }, null, traced);
        Assert.Equal(Errno.None, guest.Host.Do(c => guest.Host.Perf.Slots.DbgReserve(c, watch)));
        for (ulong n = 0; n < 3; n++)
        {
            Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Function + (n << 12), 1, KgdbBreakpointType.Execute));
        }

        string before = guest.State();
        Assert.NotEqual(Errno.None, guest.Host.InsertHardware(guest.Function + 1, 1, KgdbBreakpointType.Execute));
        Assert.Equal(before, guest.State());
        Assert.Contains("ptrace", guest.Host.DescribeSlotOwners(), StringComparison.Ordinal);
        Assert.Equal(KgdbStopKind.HardwareBreakpoint, guest.Go().Kind);
    }

    [Theory]
    [InlineData(0, 3, 2)]
    [InlineData(0, 0, 2)]
    [InlineData(0, 16, 4)]
    [InlineData(1, 4, 2)]
    [InlineData(4, 8, 4)]
    [InlineData(0, 8, 3)]
    public void What_is_refused_changes_nothing(ulong offset, int length, int type)
    {
        using ArmedGuest guest = new(2);
        guest.Enter();
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Function, 1, KgdbBreakpointType.Execute));
        guest.Go();
        string before = guest.State();
        Assert.NotEqual(Errno.None, guest.Host.InsertHardware(guest.Variable + offset, length, (KgdbBreakpointType)type));
        Assert.Equal(before, guest.State());
        Assert.Equal(KgdbStopKind.HardwareBreakpoint, guest.Go().Kind);
    }

    [Theory]
    [InlineData(0xFFFF_FFFF_FFFF_FFFFUL)]
    [InlineData(0x0000_7FFF_0000_0000UL)]
    public void A_software_breakpoint_where_nothing_can_be_written_changes_nothing(ulong address)
    {
        using ArmedGuest guest = new(2);
        guest.Enter();
        string before = guest.State();
        Assert.NotEqual(Errno.None, guest.Host.InsertSoftware(address));
        Assert.Equal(before, guest.State());
    }

    private sealed class Recorder(IDebugRegisterSink next, int cpu, List<int> order) : IDebugRegisterSink
    {
        public void DebugRegisterWritten(int number, ulong value)
        {
            next.DebugRegisterWritten(number, value);
            if (number == 7 && (value & Armed) != 0)
            {
                order.Add(cpu);
            }
        }
    }
}
