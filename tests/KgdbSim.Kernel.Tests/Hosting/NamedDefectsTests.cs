using KgdbSim.Target.Embedding;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Hosting;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Kernel.Traps;

namespace KgdbSim.Kernel.Tests.Hosting;

/// <summary>--as-posted: each id is a scenario's or a difference's, changes the kernel's form, and shows what its scenario shows.</summary>
public sealed class NamedDefectsTests
{
    private const ulong Nowhere = 0x3000;

    public static TheoryData<string, string> All { get; } = Each();

    [Theory]
    [MemberData(nameof(All))]
    public void Each_names_something_and_changes_the_form(string kernel, string id)
    {
        Assert.True(new ScenarioCatalogue().Find(id) is not null || KgdbDefectTable.Find(id) is not null, $"what is {id}?");
        HostedForm form = HostedForm.Of(KernelVersions.Find(kernel)!.Value);
        Assert.NotEqual(form, NamedDefects.Enable(form, id.ToLowerInvariant()));
        Assert.Contains(kernel, NamedDefects.KernelsOf(id).Split(", "));
        using ArmedGuest guest = new(kernel, 2, id);
        guest.Enter();
        Assert.Equal(Errno.None, guest.Host.InsertHardware(Nowhere, 1, KgdbBreakpointType.Execute));
        guest.Host.Resume(-1);
        guest.RunFreely(1_000);
    }

    /// <summary>Scenarios of these two families that are no switch have their reason, and so has every other id.</summary>
    [Fact]
    public void Each_scenario_is_a_switch_or_has_a_reason_not_to_be()
    {
        foreach (string id in new ScenarioCatalogue().All.Select(static scenario => scenario.Id).Where(static id => id[..2] is "HB" or "KG"))
        {
            Assert.True(NamedDefects.Ids.Contains(id) || NamedDefects.WhyNot(KernelVersion.Linux61, id)!.Contains(": ", StringComparison.Ordinal), id);
        }

        Assert.StartsWith("no such defect can be switched on", NamedDefects.WhyNot(KernelVersion.Linux61, "KD-99"), StringComparison.Ordinal);
        Assert.Contains("none", NamedDefects.WhyNot(null, "HB-07"), StringComparison.Ordinal);
        Assert.Null(NamedDefects.WhyNot(KernelVersion.Linux2630, "hb-07"));
    }

    /// <summary>The handler ends with the DR7 it saved: what the session has added isn't armed on the CPU that hit.</summary>
    [Theory]
    [InlineData("2.6.30", "", true)]
    [InlineData("2.6.30", "HB-18", false)]
    [InlineData("2.6.30", "KD-01", false)]
    [InlineData("2.6.33", "", true)]
    [InlineData("2.6.33", "KG-23", false)]
    [InlineData("2.6.33", "KG-02", false)]
    [InlineData("2.6.35", "HB-18", false)]
    [InlineData("6.1", "KG-15", false)]
    public void What_a_session_adds_is_armed_unless_the_handler_restores_its_own_DR7(string kernel, string id, bool isArmed)
    {
        using ArmedGuest guest = id.Length == 0 ? new ArmedGuest(kernel, 1) : new ArmedGuest(kernel, 1, id);
        guest.Enter();
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Function, 1, KgdbBreakpointType.Execute));
        guest.Go();
        Assert.Equal(Errno.None, guest.Host.InsertHardware(Nowhere, 1, KgdbBreakpointType.Execute));
        guest.Host.Resume(-1);
        while (guest.Host.Host.IsInKernel(0))
        {
            guest.Host.Host.Run(0);
        }

        ulong enabled = guest.Host.Host.Cpus[0].Cpu.DebugRegisters.Value(7) & 0xFF;
        Assert.Equal(isArmed ? 2 : 1, System.Numerics.BitOperations.PopCount(enabled));
    }

    [Theory]
    [InlineData("2.6.33", "KG-01")]
    [InlineData("2.6.33", "KG-04")]
    public void One_hit_is_told_twice(string kernel, string id)
    {
        using ArmedGuest guest = new(kernel, 1, id);
        guest.Enter();
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Variable, 8, KgdbBreakpointType.Write));
        guest.Go();
        guest.Go();
        Assert.Equal((0UL, guest.Function - 8), (guest.Simulation.Cpu(0).Rbx, guest.Rip(0)));
    }

    [Theory]
    [InlineData("2.6.33", "KG-03")]
    [InlineData("2.6.33", "KG-25")]
    [InlineData("2.6.35", "KG-03")]
    [InlineData("6.1", "KG-16")]
    [InlineData("6.1", "KD-03")]
    public void Hits_are_lost(string kernel, string id)
    {
        using ArmedGuest guest = new(kernel, 2, id);
        guest.Enter();
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Variable, 8, KgdbBreakpointType.Write));
        guest.Host.Resume(-1);
        guest.RunFreely(10_000);
        Assert.Contains(guest.Simulation.Kernel!.Events, static trap => trap.Kind == "debug");
    }

    [Theory]
    [InlineData("6.1")]
    [InlineData("2.6.30")]
    [InlineData("2.6.14")]
    public void KG_06_registers_stay_armed_in_the_debugger(string kernel)
    {
        using ArmedGuest guest = new(kernel, 1, "KG-06");
        guest.Enter();
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Function, 1, KgdbBreakpointType.Execute));
        guest.Host.Resume(-1);
        guest.RunOn();
        guest.Host.Resume(-1);
        while (guest.Host.Host.IsInKernel(0))
        {
            guest.Host.Host.Run(0);
        }

        guest.Enter();
        Assert.NotEqual(0UL, guest.Host.Host.Cpus[0].Cpu.DebugRegisters.Value(7) & 0xFF);
    }

    [Theory]
    [InlineData("6.1")]
    [InlineData("2.6.33")]
    public void KG_08_nobody_knows_of_kgdbs_slots(string kernel)
    {
        using ArmedGuest guest = new(kernel, 1, "KG-08");
        guest.Enter();
        for (ulong n = 0; n < 4; n++)
        {
            Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Function + (n << 12), 1, KgdbBreakpointType.Execute));
        }

        Assert.Empty(guest.Simulation.Kernel!.Slots(0));
        guest.Go();
        KernelResult result = guest.Simulation.Kernel.AddPerfBreakpoint("perf", guest.Variable, 8, KernelBreakpointKind.Write);
        Assert.True(result.IsDone, $"the accounting allows it: {result}");
    }

    [Theory]
    [InlineData("6.1", "KG-22")]
    [InlineData("2.6.30", "KG-22")]
    [InlineData("2.6.14", "KD-07")]
    public void What_nobody_judges_is_taken(string kernel, string id)
    {
        using ArmedGuest guest = new(kernel, 1, id);
        guest.Enter();
        Assert.Equal(Errno.None, guest.Host.InsertHardware(guest.Variable + 1, 8, KgdbBreakpointType.Write));
        using ArmedGuest judged = new(kernel, 1);
        judged.Enter();
        Assert.Equal(Errno.Invalid, judged.Host.InsertHardware(guest.Variable + 1, 8, KgdbBreakpointType.Write));
    }

    private static TheoryData<string, string> Each()
    {
        TheoryData<string, string> data = [];
        foreach (string kernel in SimulationOptions.KernelNames)
        {
            foreach (string id in SimulationOptions.DefectNamesOf(kernel))
            {
                data.Add(kernel, id);
            }
        }

        return data;
    }
}
