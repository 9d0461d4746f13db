using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Hosting;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Kgdb;

namespace KgdbSim.Kernel.Tests.Hosting;

/// <summary>
/// A guest that uses debug registers itself, under a modelled kernel that needs them too: it has the exceptions and reads the values that
/// it would have alone (SDM vol. 3, 18.2), and what it has armed is nobody else's.
/// </summary>
public sealed class GuestRegistersTests
{
    /// <summary>DR7 with DR0 armed for writes of 8 bytes: G0, RW0 = 1, LEN0 = 2.</summary>
    private const ulong Write0 = 0x90402;

    private const ulong Write1 = 0x900408;
    private const ulong Idle = DebugRegisterFile.Dr6Idle;

    public static TheoryData<string> Kernels { get; } = ["6.1", "2.6.35", "2.6.33"];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Its_registers_and_hits_are_the_same_with_a_debugger_at_work(string kernel)
    {
        using ArmingGuest guest = new(kernel, 2);
        ulong[] loaded = [guest.Own, 0x1111, 0x2222, 0x3333, Write0];
        guest.Load(loaded);
        guest.RunFreely(20_000);
        Assert.Equal(loaded, guest.ReadBack);
        Assert.NotEqual(0UL, guest.Hits(0));

        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Other, 8, KgdbBreakpointType.Write));
        for (int stop = 0; stop < 20; stop++)
        {
            KgdbStop hit = guest.Go();
            Assert.Equal((KgdbStopKind.WriteWatch, guest.Other), (hit.Kind, hit.Address));
        }

        // Loaded again, as kgdb has its own in one of the registers: the same values are read.
        guest.Load(loaded);
        Assert.Equal(Errno.None, guest.Host.RemoveHardware(guest.Other, 8, KgdbBreakpointType.Write));
        guest.RunFreely(20_000);
        Assert.Equal(loaded, guest.ReadBack);
        for (int cpu = 0; cpu < 2; cpu++)
        {
            Assert.InRange((long)(guest.Hits(cpu) - guest.Rounds(cpu)), -1, 1);
            Assert.Equal(Idle | 1, guest.Seen(cpu));
            Assert.Equal(0x90002UL, guest.AtResume(cpu));
        }

        Assert.Empty(guest.Simulation.Kernel!.Warnings);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Kgdb_takes_a_register_that_the_guest_has_not_armed(string kernel)
    {
        using ArmingGuest guest = new(kernel, 2);
        guest.Load(guest.Own, 0, 0, 0, Write0);
        guest.RunFreely(20_000);
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Called, 1, KgdbBreakpointType.Execute));

        // G0 and G1, RW0 = 1, LEN0 = 2; RW1 and LEN1 are 0 for execution.
        Assert.Equal(0x9000AUL, guest.AtResume(0));
        Assert.Equal(["guest.dr0", "kgdb[0]"], guest.Simulation.Kernel!.Slots(1).Select(static slot => slot.Owner).Order());
        Assert.Equal(KgdbStopKind.HardwareBreakpoint, guest.Go().Kind);
        Assert.Equal(Errno.None, guest.Host.RemoveHardware(guest.Called, 1, KgdbBreakpointType.Execute));
        Assert.Equal(0x90002UL, guest.AtResume(0));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void What_it_arms_in_a_register_that_is_in_use_is_in_another_and_it_cannot_tell(string kernel)
    {
        using ArmingGuest guest = new(kernel, 1);
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Called, 1, KgdbBreakpointType.Execute));
        guest.Go();
        ulong[] loaded = [guest.Own, 0, 0, 0, Write0];
        guest.Load(loaded);
        Assert.Equal(KgdbStopKind.HardwareBreakpoint, guest.Go().Kind);
        Assert.Equal(KgdbStopKind.HardwareBreakpoint, guest.Go().Kind);
        Assert.Equal(loaded, guest.ReadBack);
        Assert.Equal(Idle | 1, guest.Seen(0));
        Assert.Equal(2UL, guest.Hits(0));

        // It comes home when it can, which is with the next stop: kgdb's own have no register then.
        Assert.Equal(0x9000AUL, guest.AtResume(0));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void What_finds_no_room_beside_it_is_refused_with_its_name(string kernel)
    {
        using ArmingGuest guest = new(kernel, 2);
        guest.Load(guest.Own, guest.Own, guest.Own, guest.Own, 0x4AA);
        guest.RunFreely(20_000);
        string before = guest.Host.DescribeSlotOwners();
        Assert.NotEqual(Errno.None, guest.Host.InsertHardware(guest.Other, 8, KgdbBreakpointType.Write));
        Assert.Equal("CPU 0,1: guest.dr0, guest.dr1, guest.dr2, guest.dr3", before);
        Assert.Equal(before, guest.Host.DescribeSlotOwners());
        KernelAnswer refused = guest.Host.Users.Perf.Add("perf", null, new BreakpointAttributes(guest.Other, 8, BreakpointType.Write));
        Assert.Equal(Errno.NoSpace, refused.Error);
        Assert.Contains("guest.dr2", refused.Reason, StringComparison.Ordinal);

        // It gives one back, and there is room.
        guest.Load(guest.Own, guest.Own, guest.Own, guest.Own, 0x42A);
        guest.RunFreely(20_000);
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Other, 8, KgdbBreakpointType.Write));
        Assert.Equal(KgdbStopKind.WriteWatch, guest.Go().Kind);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void What_it_arms_when_all_are_in_use_waits_for_one(string kernel)
    {
        using ArmingGuest guest = new(kernel, 2);
        for (ulong n = 0; n < 4; n++)
        {
            Assert.Equal(Errno.None, guest.Host.InsertHardware(0x3000 + n, 1, KgdbBreakpointType.Write));
        }

        guest.RunFreely(20_000);
        ulong[] loaded = [0, guest.Own, 0, 0, Write1];
        guest.Load(loaded);
        guest.RunFreely(20_000);
        Assert.Equal(loaded, guest.ReadBack);
        Assert.Equal(2u, guest.Host.Host.Cpus[1].Guest!.Waiting);
        Assert.Equal(0UL, guest.Hits(1));

        Assert.Equal(Errno.None, guest.Host.RemoveHardware(0x3002, 1, KgdbBreakpointType.Write));
        guest.RunFreely(20_000);
        Assert.Equal(0u, guest.Host.Host.Cpus[1].Guest!.Waiting);
        Assert.NotEqual(0UL, guest.Hits(1));
        Assert.Equal(Idle | 2, guest.Seen(1));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void What_is_the_debuggers_and_its_own_it_gets_after_the_debugger(string kernel)
    {
        using ArmingGuest guest = new(kernel, 1);
        guest.Load(guest.Own, 0, 0, 0, Write0);
        guest.RunFreely(20_000);
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Own, 8, KgdbBreakpointType.Write));
        for (int i = 0; i < 3; i++)
        {
            ulong hits = guest.Hits(0);
            KgdbStop stop = guest.Go();
            Assert.Equal((KgdbStopKind.WriteWatch, guest.OtherStore), (stop.Kind, guest.Rip(0)));
            Assert.Equal(i == 0 ? hits : hits + 1, guest.Hits(0));
        }

        Assert.Equal(Idle | 1, guest.Seen(0));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_debugger_in_its_handler_does_not_disturb_what_it_reads(string kernel)
    {
        using ArmingGuest guest = new(kernel, 1);
        guest.Load(guest.Own, 0, 0, 0, Write0);
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.HandlerStart, 1, KgdbBreakpointType.Execute));
        Assert.Equal((KgdbStopKind.HardwareBreakpoint, guest.HandlerStart), (guest.Go().Kind, guest.Rip(0)));
        while (guest.Rip(0) != guest.HandlerEnd)
        {
            Assert.Equal(KgdbStopKind.StepDone, guest.Go(stepping: 0).Kind);
        }

        Assert.Equal(Idle | 1, guest.Seen(0));
        Assert.Equal(1UL, guest.Hits(0));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_perf_user_of_the_same_bytes_counts_them_too(string kernel)
    {
        using ArmingGuest guest = new(kernel, 1);
        guest.Load(guest.Own, 0, 0, 0, Write0);
        guest.RunFreely(20_000);
        ulong before = guest.Hits(0);
        Assert.Equal(KernelAnswer.Done, guest.Host.Users.Perf.Add("perf", null, new BreakpointAttributes(guest.Own, 8, BreakpointType.Write)));
        guest.RunFreely(20_000);
        long counted = guest.Host.Users.Perf.All[0].HitCount;
        Assert.NotEqual(0, counted);


        // Where the last one is: counted, and the guest's handler has not counted it yet.
        Assert.InRange(counted - (long)(guest.Hits(0) - before), 0, 1);
        Assert.Equal(Idle | 1, guest.Seen(0));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_step_into_its_handler_ends_at_the_first_instruction_and_leaves_no_trace(string kernel)
    {
        using ArmingGuest guest = new(kernel, 1);
        guest.Load(guest.Own, 0, 0, 0, Write0);
        guest.RunFreely(20_000);
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.OwnStore, 1, KgdbBreakpointType.Execute));
        guest.Go();
        Assert.Equal(Errno.None, guest.Host.RemoveHardware(guest.OwnStore, 1, KgdbBreakpointType.Execute));
        ulong hits = guest.Hits(0);

        // The store, which is the guest's hit as well; then its exception.
        Assert.Equal((KgdbStopKind.StepDone, guest.OtherStore), (guest.Go(0).Kind, guest.Rip(0)));
        Assert.Equal((KgdbStopKind.StepDone, guest.HandlerStart), (guest.Go(0).Kind, guest.Rip(0)));
        while (guest.Rip(0) != guest.HandlerEnd)
        {
            Assert.Equal(KgdbStopKind.StepDone, guest.Go(0).Kind);
        }

        Assert.Equal((KgdbStopKind.StepDone, guest.OtherStore), (guest.Go(0).Kind, guest.Rip(0)));
        Assert.Equal((hits + 1, Idle | 1), (guest.Hits(0), guest.Seen(0)));

        // With its trap flag left in the frame, it would trap again on its return.
        ulong rounds = guest.Rounds(0);
        guest.RunFreely(20_000);
        Assert.InRange((long)(guest.Hits(0) - hits - (guest.Rounds(0) - rounds)), 0, 1);
        Assert.Equal(Idle | 1, guest.Seen(0));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_step_onto_an_instruction_that_it_watches_goes_to_its_handler(string kernel)
    {
        using ArmingGuest guest = new(kernel, 1);
        guest.Load(guest.Called, 0, 0, 0, 0x402);
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.OtherStore, 1, KgdbBreakpointType.Execute));
        guest.Go();
        while (guest.Rip(0) != guest.Called)
        {
            Assert.Equal(KgdbStopKind.StepDone, guest.Go(0).Kind);
        }

        Assert.Equal((KgdbStopKind.StepDone, guest.HandlerStart), (guest.Go(0).Kind, guest.Rip(0)));
        Assert.Equal((KgdbStopKind.HardwareBreakpoint, guest.OtherStore), (guest.Go().Kind, guest.Rip(0)));
        Assert.Equal((1UL, Idle | 1), (guest.Hits(0), guest.Seen(0)));
    }
}
