using KgdbSim.Stub.Tests.Fakes;

namespace KgdbSim.Stub.Tests.Binding;

/// <summary>
/// Several CPUs told to step in one vCont, under a modelled kernel whose kgdb steps one at a time. The guest's loop is LOCK INC (9 bytes),
/// NOP (1), JMP (2).
/// </summary>
public sealed class KgdbStepTests
{
    private const ulong LockInc = 9;
    private const ulong Nop = 1;

    public static TheoryData<string> Kernels { get; } = ["6.1", "2.6.35", "2.6.33"];

    private static ulong Start => KernelSession.Behind - LockInc;

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Each_makes_one_step_and_each_is_told(string kernel)
    {
        using KernelSession gdb = new(kernel);
        string first = gdb.Driver.Ask("vCont;s:p1.1;s:p1.3", 100);
        Assert.Equal([KernelSession.Behind, Start, KernelSession.Behind], Rips(gdb));

        // The other one's is told when it is let go next, and nothing runs.
        int other = first.Contains("thread:p1.1;", StringComparison.Ordinal) ? 3 : 1;
        Assert.StartsWith($"T05thread:p1.{other};", gdb.Driver.Ask($"vCont;s:p1.{other}", 100));
        Assert.Equal([KernelSession.Behind, Start, KernelSession.Behind], Rips(gdb));
        Assert.StartsWith($"T05thread:p1.{other};", gdb.Driver.Ask($"vCont;s:p1.{other}", 100));
        Assert.Equal(KernelSession.Behind + Nop, Rips(gdb)[other - 1]);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Those_that_continue_run_meanwhile_and_those_that_stay_do_not(string kernel)
    {
        using KernelSession gdb = new(kernel);
        bool hasRun = false;
        ulong[] expected = [Start, Start];
        for (int i = 0; i < 12; i++)
        {
            ulong third = Rips(gdb)[2];
            Assert.StartsWith("T05thread:p1.", gdb.Driver.Ask("vCont;s:p1.1;s:p1.2;c:p1.3", 100));
            expected = [Next(expected[0]), Next(expected[1])];
            Assert.Equal(expected, Rips(gdb)[..2]);
            hasRun |= Rips(gdb)[2] != third;

            // Whatever was told together with it.
            gdb.Driver.Control.Ledger.Clear();
        }

        Assert.True(hasRun, "CPU 2 was to run");
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_hit_during_a_step_is_told_as_what_it_is_and_the_other_steps_all_the_same(string kernel)
    {
        using KernelSession gdb = new(kernel);
        Assert.StartsWith("T05thread:p1.2;", gdb.Driver.Ask("vCont;s:p1.2", 100));
        Assert.Equal("OK", gdb.Point("Z2", KernelSession.Counter, 8));
        string[] told = [gdb.Driver.Ask("vCont;s:p1.1;s:p1.2", 100), gdb.Driver.Ask("vCont;s:p1.1;s:p1.2", 100)];
        Assert.Contains(told, reply => reply.StartsWith($"T05watch:{KernelSession.Counter:x};thread:p1.1;", StringComparison.Ordinal));
        Assert.Contains(told, reply => reply.StartsWith("T05thread:p1.2;", StringComparison.Ordinal));
        Assert.Equal([KernelSession.Behind, KernelSession.Behind + Nop, Start], Rips(gdb));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_breakpoint_under_one_of_them_is_told_and_not_run_past(string kernel)
    {
        using KernelSession gdb = new(kernel);
        gdb.Driver.Ask("vCont;s:p1.1", 100);
        foreach (string kind in (string[])["Z0", "Z1"])
        {
            Assert.Equal("OK", gdb.Point(kind, KernelSession.Behind, 1));
            string[] told = [gdb.Driver.Ask("vCont;s:p1.1;s:p1.2", 100), gdb.Driver.Ask("vCont;s:p1.1;s:p1.2", 100)];
            string reason = kind == "Z0" ? "swbreak" : "hwbreak";
            Assert.Contains(told, reply => reply.StartsWith($"T05{reason}:;thread:p1.1;", StringComparison.Ordinal));
            Assert.Equal(KernelSession.Behind, Rips(gdb)[0]);
            Assert.Equal("OK", gdb.Point(kind.ToLowerInvariant(), KernelSession.Behind, 1));
            gdb.Driver.Control.Ledger.Clear();
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Range_steps_go_on_until_one_has_left_its_range(string kernel)
    {
        using KernelSession gdb = new(kernel);

        // The first never leaves the loop; the second leaves its range with the JMP, which is its third instruction.
        string all = $"{Start:x},{KernelSession.Behind + 16:x}";
        string inner = $"{Start + 1:x},{KernelSession.Behind + 3:x}";
        Assert.StartsWith("T05thread:p1.2;", gdb.Driver.Ask("vCont;s:p1.2", 100));
        Assert.StartsWith("T05thread:p1.2;", gdb.Driver.Ask($"vCont;r{all}:p1.1;r{inner}:p1.2", 100));
        Assert.Equal(Start, Rips(gdb)[1]);
        Assert.Equal(KernelSession.Behind + Nop, Rips(gdb)[0]);
        Assert.Equal(Start, Rips(gdb)[2]);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_step_and_a_range_step_make_one_step_each(string kernel)
    {
        using KernelSession gdb = new(kernel);
        string all = $"{Start:x},{KernelSession.Behind + 16:x}";
        Assert.StartsWith("T05thread:p1.3;", gdb.Driver.Ask($"vCont;r{all}:p1.1;s:p1.3", 100));
        Assert.Equal([KernelSession.Behind, Start, KernelSession.Behind], Rips(gdb));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_hit_of_a_cpu_that_continues_does_not_keep_the_others_from_their_step(string kernel)
    {
        using KernelSession gdb = new(kernel);
        Assert.StartsWith("T05thread:p1.1;", gdb.Driver.Ask("vCont;s:p1.1", 100));
        Assert.StartsWith("T05thread:p1.2;", gdb.Driver.Ask("vCont;s:p1.2", 100));
        Assert.Equal("OK", gdb.Point("Z2", KernelSession.Counter, 8));
        HashSet<string> told = [];
        for (int i = 0; i < 3; i++)
        {
            string reply = gdb.Driver.Ask("vCont;s:p1.1;s:p1.2;c", 2_000);
            told.Add(reply[..reply.IndexOf("core", StringComparison.Ordinal)]);
        }

        // Each of these three once, and nothing has moved in between.
        Assert.Equal(["T05thread:p1.1;", "T05thread:p1.2;", $"T05watch:{KernelSession.Counter:x};thread:p1.3;"], told.Order());
        Assert.Equal([KernelSession.Behind + Nop, KernelSession.Behind + Nop, KernelSession.Behind], Rips(gdb));
    }

    private static ulong Next(ulong rip) => rip == Start ? KernelSession.Behind : rip == KernelSession.Behind ? KernelSession.Behind + Nop : Start;

    private static ulong[] Rips(KernelSession gdb) => [.. gdb.Target.Host.Host.Cpus.Select(static cpu => cpu.Registers.Ip)];
}
