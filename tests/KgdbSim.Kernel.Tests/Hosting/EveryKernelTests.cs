using KgdbSim.Target.Embedding;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Hosting;
using KgdbSim.Target.Kernel.Kgdb;

namespace KgdbSim.Kernel.Tests.Hosting;

/// <summary>What the default face promises, whichever kernel hands out the debug registers (design section 2, issue 5 points 3 and 4).</summary>
public sealed class EveryKernelTests
{
    private const ulong Armed = 0xFF;
    private const int Registers = 4;

    public static TheoryData<string> Kernels { get; } = [.. SimulationOptions.KernelNames.Where(static name => name != "none")];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Registers_are_off_while_stopped_and_armed_again_by_the_slaves_first(string kernel)
    {
        using ArmedGuest guest = new(kernel, 4);
        guest.Enter();
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Function, 1, KgdbBreakpointType.Execute));
        KgdbStop stop = guest.Go();
        Assert.Equal((KgdbStopKind.HardwareBreakpoint, guest.Function), (stop.Kind, stop.Address));
        Assert.All(guest.Host.Host.Cpus, static cpu => Assert.Equal(0UL, cpu.Cpu.DebugRegisters.Value(7) & Armed));

        List<int> order = [];
        foreach (HostedCpu cpu in guest.Host.Host.Cpus)
        {
            int number = cpu.Cpu.Number;
            cpu.DebugRegisters.Dr7Written = value => order.AddRange((value & Armed) != 0 ? [number] : []);
        }

        guest.Go();
        int[] restored = [.. order.Distinct().Take(4)];
        Assert.Equal(4, restored.Length);
        Assert.True(restored[3] == stop.Cpu, $"{kernel}: the master, CPU {stop.Cpu}, arms last: {string.Join(' ', order)}");
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_fifth_is_refused_with_the_owners_and_changes_nothing(string kernel)
    {
        using ArmedGuest guest = new(kernel, 2);
        guest.Enter();
        for (ulong n = 0; n < Registers; n++)
        {
            Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Function + (n << 12), 1, KgdbBreakpointType.Execute));
        }

        string before = guest.State();
        Assert.NotEqual(Errno.None, guest.Host.InsertHardware(guest.Function + 1, 1, KgdbBreakpointType.Execute));
        Assert.Equal(before, guest.State());
        Assert.All(Enumerable.Range(0, Registers), i => Assert.Contains($"kgdb[{i}]", guest.Host.DescribeSlotOwners(), StringComparison.Ordinal));
        guest.Go();
        before = guest.State();
        Assert.NotEqual(Errno.None, guest.Host.InsertHardware(guest.Function + 1, 1, KgdbBreakpointType.Execute));
        Assert.Equal(before, guest.State());
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void What_is_added_is_armed_everywhere_and_what_is_removed_gone_everywhere(string kernel)
    {
        using ArmedGuest guest = new(kernel, 4);
        guest.Enter();
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Function, 1, KgdbBreakpointType.Execute));
        guest.Go();
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Variable, 8, KgdbBreakpointType.Write));
        HashSet<(int Cpu, KgdbStopKind Kind)> seen = [];
        for (int i = 0; i < 40 && seen.Count < 8; i++)
        {
            KgdbStop stop = guest.Go();
            seen.Add((stop.Cpu, stop.Kind));
        }

        Assert.True(seen.Count == 8, $"{kernel}: both on all four CPUs, not only {string.Join(' ', seen.Order())}");
        Assert.Equal(Errno.None, guest.Host.RemoveHardware(guest.Function, 1, KgdbBreakpointType.Execute));
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(KgdbStopKind.WriteWatch, guest.Go().Kind);
        }

        guest.Host.RemoveAll();
        guest.Host.Resume(-1);
        guest.RunFreely(100_000);
        Assert.All(guest.Host.Host.Cpus, static cpu => Assert.Equal(0UL, cpu.Cpu.DebugRegisters.Value(7) & Armed));
        Assert.Empty(guest.Simulation.Kernel!.Warnings);
    }

    /// <summary>gdb's way past a breakpoint: the stepped CPU makes one step, the others' code is held, and hits of theirs are kept.</summary>
    [Theory]
    [MemberData(nameof(Kernels))]
    public void No_hit_is_lost_while_one_is_stepped_over_a_breakpoint(string kernel)
    {
        using ArmedGuest guest = new(kernel, 2);
        guest.Enter();
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Function, 1, KgdbBreakpointType.Execute));
        long[] hits = new long[2];
        KgdbStop stop = guest.Go();
        for (int i = 0; i < 60; i++)
        {
            Assert.Equal(KgdbStopKind.HardwareBreakpoint, stop.Kind);
            hits[stop.Cpu]++;
            Assert.Equal(Errno.None, guest.Host.RemoveHardware(guest.Function, 1, KgdbBreakpointType.Execute));
            guest.Host.Resume(stop.Cpu);
            KgdbStop step = guest.RunOnly(stop.Cpu);
            Assert.Equal((KgdbStopKind.StepDone, stop.Cpu), (step.Kind, step.Cpu));
            Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Function, 1, KgdbBreakpointType.Execute));
            stop = guest.Go();
        }

        // Each round of the guest's loop calls the function once and counts that in RBX.
        for (int cpu = 0; cpu < 2; cpu++)
        {
            ulong calls = guest.Simulation.Cpu(cpu).Rbx;
            long told = hits[cpu] + (stop.Cpu == cpu ? 1 : 0);
            bool stands = guest.Rip(cpu) == guest.Function;
            Assert.True((ulong)told == calls + (stands && told > (long)calls ? 1UL : 0), $"{kernel}: CPU {cpu} called {calls} times, told {told}");
        }
    }

    /// <summary>
    /// Both CPUs hit at the same time, and one is still before its handler's first instruction when the breakpoint is removed: its hit is
    /// void, and its other breakpoint as armed as before.
    /// </summary>
    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_hit_that_is_void_leaves_the_others_armed(string kernel)
    {
        using ArmedGuest guest = new(kernel, 2);
        guest.Enter();
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Function, 1, KgdbBreakpointType.Execute));
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Variable, 8, KgdbBreakpointType.Write));
        while (guest.Go() is not { Kind: KgdbStopKind.HardwareBreakpoint, Cpu: int cpu } || !guest.Host.IsWaiting(1 - cpu))
        {
        }

        Assert.Equal(Errno.None, guest.Host.RemoveHardware(guest.Function, 1, KgdbBreakpointType.Execute));
        HashSet<int> seen = [];
        for (int i = 0; i < 8; i++)
        {
            KgdbStop stop = guest.Go();
            Assert.Equal(KgdbStopKind.WriteWatch, stop.Kind);
            seen.Add(stop.Cpu);
        }

        Assert.Equal(2, seen.Count);
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
        guest.Host.Resume(0);
        Assert.Equal((KgdbStopKind.StepDone, guest.Function - 7), (guest.RunOn().Kind, guest.Rip(0)));
        guest.Host.Resume(0);
        Assert.Equal((KgdbStopKind.StepDone, guest.Function), (guest.RunOn().Kind, guest.Rip(0)));
        Assert.Equal(KgdbStopKind.WriteWatch, guest.Go().Kind);
    }

    /// <summary>The processor reports both with one #DB, behind the store: one stop, and the next is the next round's.</summary>
    [Theory]
    [MemberData(nameof(Kernels))]
    public void Two_hits_at_once_are_one_stop(string kernel)
    {
        using ArmedGuest guest = new(kernel, 1);
        guest.Enter();
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Variable, 8, KgdbBreakpointType.Write));
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Variable, 4, KgdbBreakpointType.Access));
        for (ulong round = 0; round < 3; round++)
        {
            KgdbStop stop = guest.Go();
            Assert.Equal(guest.Function - 8, guest.Rip(0));
            Assert.Equal(guest.Variable, stop.Address);
            Assert.Equal(round, guest.Simulation.Cpu(0).Rbx);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Software_breakpoints_stop_all_the_same(string kernel)
    {
        using ArmedGuest guest = new(kernel, 2);
        guest.Enter();
        Assert.Equal(Errno.None, guest.Host.InsertSoftware(guest.Function));
        KgdbStop stop = guest.Go();
        Assert.Equal((KgdbStopKind.SoftwareBreakpoint, guest.Function), (stop.Kind, guest.Rip(stop.Cpu)));
    }
}
