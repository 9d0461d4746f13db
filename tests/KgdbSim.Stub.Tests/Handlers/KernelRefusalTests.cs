using KgdbSim.Stub.Tests.Fakes;

namespace KgdbSim.Stub.Tests.Handlers;

/// <summary>
/// Everything that can be refused where a modelled kernel owns the traps: there is a clear answer, and the state after the error is the state
/// before, on all CPUs and in all tables; what was set before still works.
/// </summary>
public sealed class KernelRefusalTests
{
    private static readonly string[] Kernels = ["6.1", "2.6.35", "2.6.33"];

    /// <summary>Those in which nobody counts slots as perf does.</summary>
    private static readonly string[] OldKernels = ["2.6.30", "2.6.21", "2.6.14"];

    /// <summary>Packets. {0} is the watched variable, {1} an instruction, {2} the end of the image's memory.</summary>
    private static readonly (string Packet, string Answer)[] Packets =
    [
        ("Z2,{0:x},3", "E.*not possible with this length"),
        ("Z2,{0:x},0", "E.*not possible with this length"),
        ("Z4,{0:x},10", "E.*not possible with this length"),
        ("Z2,{0:x},ffffffffffffffff", "E"),
        ("Z1,{1:x},8", "E.*not possible with this length"),
        ("Z1,{1:x},0", "E"),
        ("Z0,{1:x},0", "E"),
        ("Z2,{0:x}1,8", "E.*multiple of the length"),
        ("Z4,{0:x}2,4", "E.*multiple of the length"),
        ("Z3,{0:x},8", "$"),
        ("Z0,7fff00000000,1", "E.*not possible at this address"),
        ("Z0,ffffffffffffffff,1", "E.*not possible at this address"),
        ("Z0,4000000000000000,1", "E.*not possible at this address"),
        ("Z1,4000000000000000,1", "E.*not possible at this address"),
        ("Z1,8000000000000000,1", "E.*not possible at this address"),
        ("Z2,4000000000000000,8", "E.*not possible at this address"),
        ("Z4,fefffffffffffff8,8", "E.*not possible at this address"),
        ("Z2,fffffffffffffffc,8", "E"),
        ("Z1,{0:x},1", "E.*no debug register is free: CPU 0"),
        ("Z2,{0:x},8", "E.*no debug register is free"),
        ("Z5,{0:x},1", "$"),
        ("Z9,{0:x},1", "$"),
        ("Z1,", "E"),
        ("Z1,{1:x}", "E"),
        ("Z1,zz,1", "E"),
        ("Z1,{1:x},1;", "E"),
        ("Z0,10000000000000000,1", "E"),
        ("z2,{0:x},3", "."),
        ("z1,4000000000000000,1", "OK"),
        ("z0,{1:x},1", "OK"),
        ("z9,{0:x},1", "$"),
        ("z1,", "E"),
        ("M{0:x},8:00", "E"),
        ("M7fff00000000,1:00", "E"),
        ("vCont;s:p1.9", "."),
        ("P10=00", "E"),
    ];

    private static readonly (string Line, string Answer)[] Commands =
    [
        ("perf-bp ad", "'ad' is not one of list, add, del;"),
        ("perf-bp add", "CPU is missing;"),
        ("perf-bp add 7 0x1000 4 w", "'7' is not a CPU"),
        ("perf-bp add 2 0x1000 3 w", "EINVAL: the processor watches 1, 2, 4 or 8 bytes"),
        ("perf-bp add 2 0x1001 4 w", "EINVAL: 0x1001 is no multiple of 4"),
        ("perf-bp add 2 0x1000 4 r", "EINVAL: the processor has no breakpoint on reads alone"),
        ("perf-bp add 2 0x1000 4 x", "EINVAL: the length of an execution breakpoint"),
        ("perf-bp add 2 0x4000000000000000 4 w sample", "EINVAL: there are no breakpoints at addresses that are not canonical"),
        ("perf-bp add 2 0x1000 4 w a!", "EINVAL: a name has"),
        ("perf-bp add all 0x1000 4 w stat", "EEXIST: there is a perf breakpoint 'stat' already"),
        ("perf-bp add 1 0x1000 4 w", "ENODEV: CPU 1 is not online"),
        ("perf-bp add 0 0x1000 4 w", "ENOSPC: no free debug register on CPU 0; they belong to "),
        ("perf-bp add all 0x1000 4 w", "ENOSPC: no free debug register on CPU 0; they belong to "),
        ("perf-bp add all 0x1000 4 rw sample new", "ENOSPC: no free debug register on CPU 0; they belong to "),
        ("perf-bp del nobody", "ENOENT: there is no perf breakpoint 'nobody'"),
        ("perf-bp list nobody", "ENOENT: there is no perf breakpoint 'nobody'"),
        ("ptrace-bp add 2 0 0x1000 4 w", "EEXIST: guest/2 has a breakpoint in DR0 already"),
        ("ptrace-bp add 2 1 0x1000 4 w", "ENOSPC: no free debug register on CPU 0; they belong to "),
        ("ptrace-bp add 2 1 0xffffffff81000000 4 w", "E(PERM|NOSPC|INVAL): "),
        ("ptrace-bp add 2 1 0x1001 4 w", "E(INVAL|NOSPC): "),
        ("ptrace-bp add 2 4 0x1000 4 w", "'4' is no REG"),
        ("ptrace-bp del 2 3", "ENOENT: guest/2 has no breakpoint in DR3"),
        ("kvm enter 1", "ENODEV: CPU 1 is not online"),
        ("kvm leave 0", "ENOENT: no virtual machine has CPU 0"),
        ("hotplug 0 on", "EEXIST: CPU 0 is online"),
        ("hotplug 1 off", "ENODEV: CPU 1 is not online"),
        ("hotplug 9 off", "'9' is not a CPU"),
        ("slotz", "unknown command 'slotz'"),
        ("slots 1", "'1' is too much;"),
        ("k", "ambiguous command 'k'"),
        ("drs 3", "'3' is not a CPU"),
        ("events many", "'many' is no N"),
        ("reset all", "'all' is too much; usage: monitor reset"),
        ("seed 5", "'5' is too much;"),
    ];

    /// <summary>Commands of old kernels, whatever the kernel.</summary>
    private static readonly (string Line, string Answer)[] OldCommands =
    [
        ("perf-bp add all 0x1000 4 w", "EOPNOTSUPP: "),
        ("kvm enter 0", "EOPNOTSUPP: "),
        ("kvm leave 0", "E"),
        ("ptrace-bp add 2 4 0x1000 4 w", "'4' is no REG"),
        ("ptrace-bp add 2 1 0x1000 3 w", "E"),
        ("ptrace-bp del 2 3", "ENOENT: guest/2 has no breakpoint in DR3"),
        ("kernel-bp add 0x1001 4 w", "E"),
        ("kernel-bp del nobody", "E"),
        ("hotplug 0 on", "EEXIST: CPU 0 is online"),
        ("hotplug 1 off", "ENODEV: CPU 1 is not online"),
        ("slotz", "unknown command 'slotz'"),
        ("drs 3", "'3' is not a CPU"),
    ];

    public static TheoryData<string, string, string> Cases { get; } = AllCases();

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_refused_changes_nothing(string kernel, string request, string answer)
    {
        using KernelSession gdb = OldKernels.Contains(kernel) ? FullOfDebugger(kernel) : Full(kernel);
        int cells = KernelSnapshot.CellCount(gdb);
        string before = KernelSnapshot.Of(gdb, cells);
        Assert.Matches($"^(?s:{answer})", Ask(gdb, request));
        Assert.Equal(before, KernelSnapshot.Of(gdb, cells));
        Assert.Contains("hwbreak:", gdb.Continue());
        Assert.Empty(gdb.Kernel.Warnings);
    }

    [Theory]
    [InlineData("6.1")]
    [InlineData("2.6.33")]
    [InlineData("2.6.30")]
    [InlineData("2.6.21")]
    [InlineData("2.6.14")]
    public void Addresses_that_nothing_can_have_are_refused_while_there_is_room(string kernel)
    {
        using KernelSession gdb = new(kernel);
        Assert.Equal("OK", gdb.Point("Z1", KernelSession.Behind, 1));
        int cells = KernelSnapshot.CellCount(gdb);
        string before = KernelSnapshot.Of(gdb, cells);
        foreach (string packet in (string[])["Z1,4000000000000000,1", "Z1,8000000000000000,1", "Z2,4000000000000000,8", "Z4,fefffffffffffff8,8"])
        {
            Assert.EndsWith("not possible at this address", gdb.Driver.Ask(packet));
            Assert.Equal(before, KernelSnapshot.Of(gdb, cells));
        }
    }

    [Theory]
    [InlineData("6.1")]
    [InlineData("2.6.35")]
    [InlineData("2.6.33")]
    public void The_last_cpu_stays(string kernel)
    {
        using KernelSession gdb = new(kernel);
        gdb.Monitor("hotplug 0 off");
        gdb.Monitor("hotplug 1 off");
        Assert.Equal("OK", gdb.Point("Z2", KernelSession.Counter, 8));
        int cells = KernelSnapshot.CellCount(gdb);
        string before = KernelSnapshot.Of(gdb, cells);
        Assert.Equal("EBUSY: CPU 2 is the last one online\n", gdb.Monitor("hotplug 2 off"));
        Assert.Equal(before, KernelSnapshot.Of(gdb, cells));
        Assert.StartsWith("T05watch:", gdb.Continue());
    }

    [Theory]
    [InlineData("6.1")]
    [InlineData("2.6.35")]
    [InlineData("2.6.33")]
    public void A_cpu_where_the_debuggers_breakpoints_have_no_room_stays_away(string kernel)
    {
        using KernelSession gdb = new(kernel);
        for (int i = 0; i < 4; i++)
        {
            Assert.StartsWith("perf", gdb.Monitor($"perf-bp add 1 0x{KernelSession.Counter + 8:x} 8 w"));
        }

        gdb.Monitor("hotplug 1 off");
        Assert.Equal("OK", gdb.Point("Z1", KernelSession.Behind, 1));
        Assert.Contains("hwbreak:", gdb.Continue());
        int cells = KernelSnapshot.CellCount(gdb);
        string before = KernelSnapshot.Of(gdb, cells);
        Assert.StartsWith(
            "ENOSPC: kgdb's breakpoints find no room: no free debug register on CPU 1; they belong to perf1, perf2, perf3, perf4\n",
            gdb.Monitor("hotplug 1 on"));
        Assert.Equal(before, KernelSnapshot.Of(gdb, cells));
        Assert.Contains("hwbreak:", gdb.Continue());
    }

    /// <summary>CPU 1 is away, CPU 0 has four users, the others three; one is the debugger's.</summary>
    private static KernelSession Full(string kernel)
    {
        KernelSession gdb = new(kernel);
        gdb.Monitor("hotplug 1 off");
        gdb.Monitor($"perf-bp add all 0x{KernelSession.Counter + 8:x} 8 w stat");
        gdb.Monitor($"ptrace-bp add 2 0 0x{KernelSession.Counter + 8:x} 8 w");
        Assert.Equal("OK", gdb.Point("Z1", KernelSession.Behind, 1));
        Assert.Equal("on0 on CPU#0\n", gdb.Monitor($"perf-bp add 0 0x{KernelSession.Counter + 8:x} 2 w on0"));

        // A stop, so that everything is where it belongs.
        Assert.Contains("hwbreak:", gdb.Continue());
        return gdb;
    }

    /// <summary>CPU 1 is away, the debugger has all four.</summary>
    private static KernelSession FullOfDebugger(string kernel)
    {
        KernelSession gdb = new(kernel);
        gdb.Monitor("hotplug 1 off");
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal("OK", gdb.Point("Z4", KernelSession.Counter + 8 + (ulong)i, 1));
        }

        Assert.Equal("OK", gdb.Point("Z1", KernelSession.Behind, 1));
        Assert.Contains("hwbreak:", gdb.Continue());
        return gdb;
    }

    private static string Ask(KernelSession gdb, string request) => request.StartsWith("monitor ", StringComparison.Ordinal)
        ? gdb.Monitor(request["monitor ".Length..]) : gdb.Driver.Ask(request);

    private static TheoryData<string, string, string> AllCases()
    {
        TheoryData<string, string, string> cases = [];
        foreach (string kernel in Kernels)
        {
            foreach ((string packet, string answer) in Packets)
            {
                cases.Add(kernel, string.Format(null, packet, KernelSession.Counter, KernelSession.Behind), answer);
            }

            foreach ((string line, string answer) in Commands)
            {
                cases.Add(kernel, "monitor " + line, answer);
            }
        }

        foreach (string kernel in OldKernels)
        {
            foreach ((string packet, string answer) in Packets)
            {
                // That the debugger has no entry left is seen before anything else.
                string either = answer.Replace("not possible at this address", "(not possible at this address|no debug register is free)");
                cases.Add(kernel, string.Format(null, packet, KernelSession.Counter, KernelSession.Behind), either);
            }

            foreach ((string line, string answer) in OldCommands)
            {
                cases.Add(kernel, "monitor " + line, answer);
            }
        }

        return cases;
    }
}
