using KgdbSim.Target.Embedding;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Kgdb;

namespace KgdbSim.Kernel.Tests.Hosting;

/// <summary>2.6.21 and 2.6.14: nobody hands out debug registers, so who wrote them last has them.</summary>
public sealed class DirectLayerTests
{
    [Theory]
    [InlineData("2.6.21")]
    [InlineData("2.6.14")]
    public void Entry_and_register_are_the_same_number(string version)
    {
        using ArmedGuest guest = new(version, 2);
        guest.Enter();
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Function, 1, KgdbBreakpointType.Execute));
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Variable, 8, KgdbBreakpointType.Write));
        guest.Go();
        SimulatedKernel kernel = guest.Simulation.Kernel!;
        Assert.Equal([("kgdb[0]", 0), ("kgdb[1]", 1)], kernel.Slots(1).Select(static slot => (slot.Owner, slot.Register ?? -1)));

        // G0 with execution, G1 with R/W 1 and LEN 2; GE was never set by that code (SDM vol. 3, 18.2.4).
        Assert.Equal((0x400UL, 0x90040AUL | 0x400), (kernel.DebugRegisters(1).Hardware.Dr7, kernel.DebugRegisters(1).AtResume.Dr7));
    }

    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, -1)]
    public void KD_29_a_session_forgets_what_a_tracer_has_set(bool forgets, int register)
    {
        using ArmedGuest guest = forgets ? new ArmedGuest("2.6.14", 2, "KD-29") : new ArmedGuest("2.6.14", 2);
        SimulatedKernel kernel = guest.Simulation.Kernel!;
        Assert.True(kernel.AddPtraceBreakpoint(1, 3, guest.Variable, 8, KernelBreakpointKind.Write).IsDone);
        Assert.Equal(3, kernel.Slots(1).Single().Register);
        guest.Enter();
        Assert.Equal(register, kernel.Slots(1).Single().Register ?? -1);
        guest.Host.Resume(-1);
        guest.RunFreely(10_000);
        Assert.Equal(register >= 0, kernel.Slots(1).Single().HitCount > 0);
        Assert.Equal(register >= 0 ? 0x90000040UL : 0, kernel.DebugRegisters(1).Hardware.Dr7 & 0xFFFF00FF);
    }

    /// <summary>do_debug() turns DR7 off and signals; when the task goes on, __switch_to() loads its registers over everybody's.</summary>
    [Fact]
    public void A_tracers_hit_takes_kgdbs_registers_away_until_its_next_session()
    {
        using ArmedGuest guest = new("2.6.14", 2);
        guest.Enter();
        SimulatedKernel kernel = guest.Simulation.Kernel!;
        const ulong nowhere = 0x3000;
        Assert.Equal(Errno.None, guest.Host.InsertHardware(nowhere, 1, KgdbBreakpointType.Execute));
        Assert.True(kernel.AddPtraceBreakpoint(1, 3, guest.Variable, 8, KernelBreakpointKind.Write).IsDone);
        guest.Host.Resume(-1);
        guest.RunFreely(10_000);
        Assert.Equal([("kgdb[0]", 0)], kernel.Slots(0).Select(static slot => (slot.Owner, slot.Register ?? -1)));
        Assert.Equal([("kgdb[0]", -1), ("guest/1.ptrace3", 3)], kernel.Slots(1).Select(static slot => (slot.Owner, slot.Register ?? -1)));
        Assert.True(kernel.Slots(1)[1].HitCount > 1, "each hit is signalled once");
        Assert.Contains(kernel.Events, static trap => trap is { Cpu: 1, Kind: "debug", Dr6: 8, Verdict: "signal" });
        guest.Enter();
        Assert.Equal([0, 3], kernel.Slots(1).Select(static slot => slot.Register));
    }

    [Fact]
    public void Of_two_in_one_register_kgdb_has_it_after_a_session()
    {
        using ArmedGuest guest = new("2.6.21", 2);
        guest.Enter();
        SimulatedKernel kernel = guest.Simulation.Kernel!;
        Assert.True(kernel.AddPtraceBreakpoint(1, 0, guest.Function, 1, KernelBreakpointKind.Execute).IsDone);
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Variable, 8, KgdbBreakpointType.Write));
        guest.Go();
        Assert.Equal([("kgdb[0]", 0), ("guest/1.ptrace0", -1)], kernel.Slots(1).Select(static slot => (slot.Owner, slot.Register ?? -1)));
        Assert.Equal(guest.Variable, kernel.DebugRegisters(1).AtResume.Dr0);
        Assert.Equal(guest.Function, kernel.DebugRegisters(1).Copy.Dr0);
    }

    [Theory]
    [InlineData("EIO", 0x8000_0000_0000_0000UL, 8, KernelBreakpointKind.Write)]
    [InlineData("EIO", 0UL, 8, KernelBreakpointKind.Execute)]
    [InlineData("EINVAL", 0UL, 3, KernelBreakpointKind.Write)]
    public void What_ptrace_refuses_changes_nothing(string error, ulong offset, int length, KernelBreakpointKind kind)
    {
        using ArmedGuest guest = new("2.6.14", 2);
        guest.Enter();
        SimulatedKernel kernel = guest.Simulation.Kernel!;
        Assert.True(kernel.AddPtraceBreakpoint(1, 1, guest.Variable, 8, KernelBreakpointKind.Write).IsDone);
        string before = guest.State();
        KernelResult result = kernel.AddPtraceBreakpoint(1, 0, guest.Variable + offset, length, kind);
        Assert.Equal(error, result.Error);
        Assert.NotEmpty(result.Reason);
        Assert.Equal(before, guest.State());
    }
}
