using KgdbSim.Target.Embedding;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Hosting;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Kgdb;

namespace KgdbSim.Kernel.Tests.Hosting;

/// <summary>Single defects of Linux 6.1 switched on in the default face.</summary>
public sealed class AsPostedTests
{
    /// <summary>
    /// Recorded from the real one (hwbp.jsonl): a breakpoint set in a session that a #DB began isn't armed on the way out, since the exit of
    /// #DB writes the DR7 of its entry.
    /// </summary>
    [Theory]
    [InlineData(false, 0x60AUL)]
    [InlineData(true, 0x602UL)]
    public void KD_01_a_breakpoint_added_in_a_session_is_not_armed(bool isStale, ulong dr7)
    {
        using ArmedGuest guest = isStale ? new ArmedGuest(2, "KD-01") : new ArmedGuest(2);
        guest.Enter();
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Function, 1, KgdbBreakpointType.Execute));
        int master = guest.Go().Cpu;
        const ulong nowhere = 0x3000;
        Assert.Equal(Errno.None, guest.Host.InsertHardware(nowhere, 1, KgdbBreakpointType.Execute));
        guest.Host.Resume(-1);
        while (guest.Host.IsStopped || guest.Host.Host.IsInKernel(master))
        {
            guest.Host.Host.Run(FirstThatCan(guest));
        }

        Assert.Equal(dr7, guest.Host.Host.Cpus[master].Cpu.DebugRegisters.Value(7));
    }

    /// <summary>The form of January 2010 asks nobody: the fourth finds no register, as perf has one.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void KD_28_what_has_no_register_is_accepted(bool isPosted)
    {
        using ArmedGuest guest = isPosted ? new ArmedGuest("2.6.33", 1, "KD-28") : new ArmedGuest("2.6.33", 1);
        guest.Enter();
        BreakpointAttributes watch = new(guest.Variable + 8, 8, BreakpointType.Write);
        Assert.Equal(KernelAnswer.Done, guest.Host.Users.Perf.Add("perf", null, watch));
        for (ulong n = 1; n < 4; n++)
        {
            Assert.Equal(Errno.None, guest.Host.InsertHardware(0x3000 + n, 1, KgdbBreakpointType.Execute));
        }

        Assert.Equal(isPosted, guest.Host.InsertHardware(guest.Function, 1, KgdbBreakpointType.Execute) == Errno.None);
        guest.Host.Resume(-1);
        guest.RunFreely(10_000);
        Assert.Equal(isPosted, guest.Simulation.Kernel!.Warnings.Any(static text => text.Contains("breakpoint slot", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("6.1", "KD-99")]
    [InlineData("6.1", "KD-18")]
    [InlineData("none", "KD-01")]
    public void What_cannot_be_switched_on_is_refused(string kernel, string id)
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(
            () => new Simulation(new SimulationOptions { Kernel = kernel, AsPosted = [id] }));
        Assert.Contains(id, refused.Message, StringComparison.Ordinal);
    }

    private static int FirstThatCan(ArmedGuest guest) =>
        Enumerable.Range(0, guest.Host.Host.Cpus.Count).First(cpu => guest.Host.Host.CanRun(cpu));
}
