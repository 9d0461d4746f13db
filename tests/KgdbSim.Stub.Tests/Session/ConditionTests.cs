using KgdbSim.Stub.Session;
using KgdbSim.Stub.Tests.Fakes;

namespace KgdbSim.Stub.Tests.Session;

/// <summary>
/// Conditions of breakpoints (GDB manual, packet Z0, cond_list: stop if any of them is true, or cannot be evaluated). Bytecode as in
/// the manual, "Bytecode Descriptions": 22 const8, 23 const16, 24 const32, 17 ref8, 1a ref64, 26 reg, 13 equal, 15 less_unsigned,
/// 05 div_signed, 27 end.
/// </summary>
public sealed class ConditionTests
{
    private const ulong Variable = 0x2000;
    private const ulong Store = 0x1008;
    private const string Never = "X3,220027";
    private const string Always = "X3,220127";
    private const int Slices = 60;

    /// <summary>RBX, register 1, is 7.</summary>
    private const string RbxIs7 = "X7,26000122071327";

    /// <summary>
    /// The CPUs begin 16 apart and walk in circles of 256; the fifth store is the second of CPU 0, and CPU 1, 16 before it and 8 before
    /// the breakpoint then, is the first to come there.
    /// </summary>
    [Theory]
    [InlineData('0', "swbreak")]
    [InlineData('1', "hwbreak")]
    public void Only_the_hit_that_makes_it_true_is_told(char kind, string reason)
    {
        SessionDriver gdb = Driver();
        Assert.Equal("OK", gdb.Ask($"Z{kind},1020,1;X8,2320001722051327"));
        string reply = gdb.Ask("vCont;c", Slices);
        Assert.StartsWith($"T05{reason}:;thread:p1.2;", reply);
        Assert.Equal((5, 0x1020ul), (gdb.Target.Memory[(int)(Variable - FakeTarget.MemoryStart)], gdb.Target.RipOf(1)));
        Assert.True(gdb.Target.Points.Contains(kind == '1', 0x1020), "it is still there");
    }

    [Fact]
    public void A_condition_is_about_the_cpu_that_hits()
    {
        SessionDriver gdb = Driver();
        gdb.Target.WriteRegister(3, 1, BitConverter.GetBytes(7ul));
        gdb.Ask("Z0,1020,1;" + RbxIs7);
        Assert.StartsWith("T05swbreak:;thread:p1.4;", gdb.Ask("vCont;c", Slices));
    }

    [Fact]
    public void Of_several_that_hit_together_only_those_are_told_that_matter()
    {
        SessionDriver gdb = Driver();
        for (int cpu = 0; cpu < 4; cpu++)
        {
            gdb.Target.SetRip(cpu, 0x1010);
        }

        gdb.Target.WriteRegister(1, 1, BitConverter.GetBytes(7ul));
        gdb.Target.WriteRegister(2, 1, BitConverter.GetBytes(7ul));
        gdb.Ask("Z0,1020,1;" + RbxIs7);
        Assert.StartsWith("T05swbreak:;thread:p1.2;", gdb.Ask("vCont;c", Slices));
        Assert.StartsWith("T05swbreak:;thread:p1.3;", gdb.Ask("vCont;c", Slices));
        Assert.Equal((0x1020ul, 0x1020ul), (gdb.Target.RipOf(0), gdb.Target.RipOf(3)));
    }

    [Theory]
    [InlineData(Never + Always)]
    [InlineData(Always)]
    [InlineData(Never + ";" + Always)]
    [InlineData("X6,220122000527")] // 1 / 0 has no value.
    [InlineData("X7,24fffffff01727")] // No memory is there.
    [InlineData("X4,26ffff27")] // No such register.
    public void Any_that_is_true_or_fails_stops(string conditions)
    {
        SessionDriver gdb = Driver();
        Assert.Equal("OK", gdb.Ask("Z0,1020,1;" + conditions));
        Assert.StartsWith("T05swbreak:;thread:p1.3;", gdb.Ask("vCont;c", Slices));
    }

    [Fact]
    public void Inserted_again_it_has_the_new_conditions_only()
    {
        SessionDriver gdb = Driver();
        gdb.Ask("Z0,1020,1;" + Always);
        gdb.Ask("Z0,1020,1;" + Never);
        Assert.Empty(gdb.AskAll("vCont;c", Slices));
        gdb.SendRaw("\x03");
        Assert.StartsWith("T02", SessionDriver.Payloads(gdb.RunSlices(Slices))[0]);
        Assert.True(gdb.Target.Points.Contains(false, 0x1020), "it is there, wherever the interrupt came");
        gdb.Ask("Z0,1020,1");
        Assert.StartsWith("T05swbreak", gdb.Ask("vCont;c", Slices));
    }

    [Theory]
    [InlineData("Z1,1020,1")]
    [InlineData("Z1,1020,1;" + Always)]
    public void Another_breakpoint_at_the_place_has_its_own(string other)
    {
        SessionDriver gdb = Driver();
        gdb.Ask("Z0,1020,1;" + Never);
        gdb.Ask(other);
        Assert.StartsWith("T05hwbreak", gdb.Ask("vCont;c", Slices));
        gdb.Ask("z1,1020,1");
        Assert.Empty(gdb.AskAll("vCont;c", Slices));
    }

    [Fact]
    public void With_the_breakpoint_its_conditions_go()
    {
        SessionDriver gdb = Driver();
        gdb.Ask("Z0,1020,1;" + Never);
        gdb.Ask("z0,1020,1");
        gdb.Ask("Z0,1020,1");
        Assert.StartsWith("T05swbreak", gdb.Ask("vCont;c", Slices));
    }

    [Fact]
    public void With_the_session_they_go()
    {
        SessionDriver first = Driver();
        first.Ask("Z0,1020,1;" + Never);
        SessionDriver second = new SessionDriver(first.Control).Negotiated();
        second.Ask("Z0,1020,1");
        Assert.StartsWith("T05swbreak", second.Ask("vCont;c", Slices));
    }

    /// <summary>CPU 2 begins at the breakpoint.</summary>
    [Theory]
    [InlineData("vCont;s:p1.3", 0x1021)]
    [InlineData("vCont;r1020,1024:p1.3", 0x1024)]
    [InlineData("vCont;s:p1.3;c", 0x1021)]
    public void A_step_from_it_is_that_step(string resume, ulong end)
    {
        SessionDriver gdb = Driver();
        gdb.Ask("Z0,1020,1;" + Never);
        Assert.StartsWith("T05thread:p1.3;", gdb.Ask(resume, Slices));
        Assert.Equal(end, gdb.Target.RipOf(2));
    }

    [Fact]
    public void What_the_instruction_there_does_is_told()
    {
        SessionDriver gdb = Driver();
        gdb.Ask($"Z2,{Variable:x},1");
        gdb.Ask($"Z0,{Store:x},1;{Never}");
        Assert.StartsWith($"T05watch:{Variable:x};thread:p1.1;", gdb.Ask("vCont;c", Slices));
        Assert.Equal(Store + 1, gdb.Target.RipOf(0));
        Assert.True(gdb.Target.Points.Contains(false, Store), "it is still there");
    }

    [Fact]
    public void A_guest_that_ends_itself_there_has_ended()
    {
        SessionDriver gdb = Driver();
        gdb.Target.Program[0x1020] = new Deed(DeedKind.Exit, 9);
        gdb.Ask("Z0,1020,1;" + Never);
        Assert.StartsWith("W09", gdb.Ask("vCont;c", Slices));
        Assert.Equal(MachinePhase.Exited, gdb.Control.Phase);
    }

    /// <summary>With a modelled kernel the breakpoints are int3 bytes or debug registers, and all CPUs come at the same time.</summary>
    [Theory]
    [InlineData("6.1", "Z0", "swbreak")]
    [InlineData("6.1", "Z1", "hwbreak")]
    [InlineData("2.6.35", "Z0", "swbreak")]
    [InlineData("2.6.35", "Z1", "hwbreak")]
    [InlineData("2.6.33", "Z0", "swbreak")]
    [InlineData("2.6.33", "Z1", "hwbreak")]
    [InlineData("2.6.30", "Z0", "swbreak")]
    [InlineData("2.6.30", "Z1", "hwbreak")]
    [InlineData("2.6.21", "Z1", "hwbreak")]
    [InlineData("2.6.14", "Z0", "swbreak")]
    [InlineData("2.6.14", "Z1", "hwbreak")]
    public void In_a_kernel_too(string kernel, string kind, string reason)
    {
        using KernelSession session = new(kernel);
        string condition = $"223224{KernelSession.Counter:x8}1a1527"; // 50 < counter
        Assert.Equal("OK", session.Driver.Ask($"{kind},{KernelSession.Behind:x},1;X{condition.Length / 2:x},{condition}"));
        Assert.StartsWith($"T05{reason}:;", session.Continue());
        Span<byte> counter = stackalloc byte[8];
        session.Target.ReadMemory(0, KernelSession.Counter, counter);

        // Each of the three CPUs may have incremented once more before it came to the breakpoint.
        Assert.InRange(BitConverter.ToUInt64(counter), 51ul, 53ul);
        Assert.Empty(session.Kernel.Warnings);
    }

    /// <summary>Every CPU increments a byte at the same place.</summary>
    private static SessionDriver Driver()
    {
        FakeTarget target = new();
        target.Program[Store] = new Deed(DeedKind.Store, Variable);
        return new SessionDriver(target).Negotiated();
    }
}
