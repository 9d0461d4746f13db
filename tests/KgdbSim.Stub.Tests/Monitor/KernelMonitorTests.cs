using KgdbSim.Stub.Tests.Fakes;

namespace KgdbSim.Stub.Tests.Monitor;

/// <summary>gdb's <c>monitor</c> where a modelled kernel owns the traps.</summary>
public sealed class KernelMonitorTests
{
    private static readonly string Address = $"0x{KernelSession.Counter:x}";

    [Fact]
    public void Help_lists_the_kernels_commands_only_where_there_is_a_kernel()
    {
        using KernelSession gdb = new();
        string text = gdb.Monitor("help");
        string bare = Bare("help");
        foreach (string name in (string[])["drs", "slots", "events", "kgdb", "perf-bp", "kernel-bp", "ptrace-bp", "kvm", "hotplug", "lockdep"])
        {
            Assert.Single(text.Split('\n'), line => line.StartsWith($"  {name} ", StringComparison.Ordinal));
            Assert.Equal(name == "drs", bare.Contains($"  {name} ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Drs_shows_what_is_there_what_is_wanted_and_what_will_be()
    {
        using KernelSession gdb = new();
        Assert.Equal("OK", gdb.Point("Z2", KernelSession.Counter, 8));
        Assert.Equal("perf1 on all CPUs\n", gdb.Monitor($"perf-bp add all {Address} 4 rw"));

        // perf's in register 0: G0, RW0 = 3, LEN0 = 3; kgdb's follows in 1: G1, RW1 = 1, LEN1 = 2 (SDM vol. 3, 18.2.4).
        string[] lines = gdb.Monitor("drs 1").Split('\n');
        Assert.StartsWith("CPU#1  dr6 ", lines[0]);
        Assert.EndsWith("[in kgdb]", lines[0]);
        Assert.Matches("^  dr7  0{13}400 +0{10}0f0202 +0{10}9f060a$", lines[2]);
        Assert.Matches($"^  dr0  - +{KernelSession.Counter:x16} rw 4 +{KernelSession.Counter:x16} rw 4$", lines[3]);
        Assert.Matches($"^  dr1  - +- +{KernelSession.Counter:x16} w 8$", lines[4]);
        Assert.Contains("watch:", gdb.Continue());
        Assert.Equal(lines[2..], gdb.Monitor("drs 1").Split('\n')[2..]);
        gdb.Driver.Ask("z2," + $"{KernelSession.Counter:x},8");
        gdb.RunFor(200);
        Assert.Contains("CPU#2  dr6", gdb.Monitor("drs"));
        Assert.Matches("dr7  0{13}400 +0{10}0f0202 +0{10}0f0602", gdb.Monitor("drs 1"));
    }

    [Fact]
    public void Kernel_breakpoints_of_2009_are_counted_and_stop_nobody()
    {
        using KernelSession gdb = new("2.6.30");
        Assert.Equal("no kernel breakpoints but kgdb's\n", gdb.Monitor("kernel-bp"));
        Assert.Equal("ksym1 on all CPUs\n", gdb.Monitor($"kernel-bp add {Address} 8 w"));
        Assert.Equal("calls on all CPUs\n", gdb.Monitor($"kernel-bp add 0x{KernelSession.Behind:x} 1 x calls"));
        Assert.StartsWith("EEXIST: ", gdb.Monitor($"kernel-bp add {Address} 8 w calls"));
        Assert.StartsWith("T", gdb.RunFor(300));
        Assert.Matches("^  ksym1 +[0-9a-f]{16} w  8  [1-9][0-9]* hits\n  calls +[0-9a-f]{16} x  1  [1-9][0-9]* hits\n$", gdb.Monitor("kernel-bp list"));
        Assert.Matches("CPU#1  2 of 4\n  dr3  ksym1 .*\n  dr2  calls ", gdb.Monitor("slots"));
        Assert.Matches("^calls is gone after [1-9][0-9]* hits\n$", gdb.Monitor("kernel-bp del calls"));
        Assert.Equal("ENOENT: there is no kernel breakpoint 'calls'\n", gdb.Monitor("kernel-bp del calls"));
        Assert.StartsWith("'ad' is not one of", gdb.Monitor("kernel-bp ad"));
        Assert.StartsWith("'more' is too much", gdb.Monitor("kernel-bp list more"));
    }

    [Theory]
    [InlineData("6.1", "kernel-bp add 0x1000 8 w", "EOPNOTSUPP: Linux 6.1 has no register_kernel_hw_breakpoint(); 2.6.30 has, and here perf's")]
    [InlineData("2.6.14", "kernel-bp add 0x1000 8 w", "EOPNOTSUPP: Linux 2.6.14 has no register_kernel_hw_breakpoint(); 2.6.30 has\n")]
    [InlineData("2.6.21", "perf-bp add all 0x1000 8 w", "EOPNOTSUPP: Linux 2.6.21 has no perf breakpoints; 2.6.33, 2.6.35, 6.1 have\n")]
    [InlineData("2.6.30", "perf-bp add 1 0x1000 8 w", "EOPNOTSUPP: Linux 2.6.30 has no perf breakpoints; 2.6.33, 2.6.35, 6.1 have\n")]
    [InlineData("2.6.30", "kvm enter 1", "EOPNOTSUPP: how KVM of Linux 2.6.30 shares debug registers is not modelled; of 2.6.33, 2.6.35, 6.1 it is\n")]
    public void What_a_kernel_does_not_have_is_said(string kernel, string command, string answer)
    {
        using KernelSession gdb = new(kernel);
        string before = gdb.Monitor("slots") + gdb.Monitor("drs");
        Assert.StartsWith(answer, gdb.Monitor(command));
        Assert.Equal(before, gdb.Monitor("slots") + gdb.Monitor("drs"));
    }

    [Fact]
    public void A_perf_users_hits_are_counted_and_stop_nobody()
    {
        using KernelSession gdb = new();
        Assert.Equal("writes on CPU#1\n", gdb.Monitor($"perf-bp add 1 {Address} 8 w writes"));
        Assert.Matches("dr0 +writes +.*  0 hits", gdb.Monitor("slots"));
        Assert.StartsWith("T", gdb.RunFor(200));
        Assert.Matches("writes +[0-9a-f]{16} w  8  [1-9][0-9]* hits  CPU 1", gdb.Monitor("perf-bp"));
        Assert.Matches(
            "CPU#1 debug rip [0-9a-f]{16} dr6 0001  consumed by hw_breakpoint  \\[hw_breakpoint STOP\\]", gdb.Monitor("events 500"));
        Assert.Matches("CPU#[012] nmi   rip [0-9a-f]{16} +pending", gdb.Monitor("events"));
        Assert.Matches("^writes is gone after [1-9][0-9]* hits\n$", gdb.Monitor("perf-bp del writes"));
        Assert.Equal("no perf breakpoints\n", gdb.Monitor("perf-bp"));
    }

    [Fact]
    public void A_sampling_perf_user_has_each_hit_written_down()
    {
        using KernelSession gdb = new();
        Assert.Equal("perf1 on all CPUs\n", gdb.Monitor($"perf-bp add all {Address} 8 w sample"));
        Assert.Equal("places on CPU#2\n", gdb.Monitor($"perf-bp add 2 0x{KernelSession.Behind:x} 8 x sample places"));
        gdb.RunFor(200);
        string[] list = gdb.Monitor("perf-bp list").Split('\n');
        Assert.Matches("^  perf1 +[0-9a-f]{16} w  8  [1-9][0-9]* hits  CPU 0,1,2$", list[0]);
        Assert.All(list[1..5], line => Assert.Matches($"^    CPU#[012] rip {KernelSession.Behind:x16}  hit [1-9][0-9]*$", line));
        Assert.StartsWith("  places ", list[5]);

        // The latest of each CPU has the number of its last hit.
        string[] all = gdb.Monitor("perf-bp list places").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        long hits = gdb.Kernel.Slots(2).Single(slot => slot.Owner == "places").HitCount;
        Assert.Equal(1 + Math.Min(256, hits), all.Length);
        Assert.Equal($"    CPU#2 rip {KernelSession.Behind:x16}  hit {hits}", all[^1]);
        Assert.Matches("^perf1 is gone after [1-9][0-9]* hits\n$", gdb.Monitor("perf-bp del perf1"));
        Assert.Empty(gdb.Kernel.PerfSamples("perf1"));
        Assert.Empty(gdb.Kernel.Warnings);
    }

    [Fact]
    public void Hits_of_two_cpus_at_once_are_both_handled()
    {
        using KernelSession gdb = new();
        gdb.Monitor($"perf-bp add all {Address} 4 rw p");
        Assert.Equal("OK", gdb.Point("Z2", KernelSession.Counter, 8));
        Assert.Contains("watch:", gdb.Continue());

        // The others have trapped too, and were rounded up before their handlers began.
        Assert.Equal("OK", gdb.Point("z2", KernelSession.Counter, 8));
        gdb.RunFor(300);
        Assert.All(gdb.Kernel.OnlineCpus, cpu => Assert.NotEqual(0, gdb.Kernel.Slots(cpu)[0].HitCount));
        Assert.Equal([0, 1, 2], gdb.Kernel.OnlineCpus);
    }

    [Fact]
    public void A_fifth_user_is_told_who_has_the_registers()
    {
        using KernelSession gdb = new();
        gdb.Monitor($"perf-bp add all {Address} 8 w stat");
        gdb.Monitor($"ptrace-bp add 2 0 {Address} 8 w");
        Assert.Equal("OK", gdb.Point("Z1", KernelSession.Behind, 1));
        Assert.Equal("OK", gdb.Point("Z2", KernelSession.Counter + 8, 8));
        Assert.Equal(
            "ENOSPC: no free debug register on CPU 2; they belong to stat, guest/2.ptrace0, kgdb[0], kgdb[1]\n",
            gdb.Monitor($"perf-bp add 2 {Address} 8 w"));
        string slots = gdb.Monitor("slots");
        Assert.Contains("CPU#2  4 of 4", slots);

        // A task might run anywhere, so its breakpoint is promised a register everywhere.
        Assert.Matches("CPU#0  4 of 4\n.*\n  -    guest/2.ptrace0", slots);
        Assert.Matches($"-    kgdb\\[0\\] +{KernelSession.Behind:x16} x  1", slots);
        Assert.Contains("hwbreak:", gdb.Continue());
        Assert.Empty(gdb.Kernel.Warnings);
    }

    [Fact]
    public void A_tracers_breakpoint_comes_and_goes()
    {
        using KernelSession gdb = new();
        Assert.Equal("guest/1 has a breakpoint in DR2\n", gdb.Monitor($"ptrace-bp add 1 2 {Address} 8 w"));
        gdb.RunFor(200);
        Assert.Matches("dr0  guest/1.ptrace2 +[0-9a-f]{16} w  8  [1-9][0-9]* hits", gdb.Monitor("slots"));
        Assert.Equal("guest/1 has no breakpoint in DR2 now\n", gdb.Monitor("ptrace-bp del 1 2"));
        Assert.DoesNotContain("ptrace", gdb.Monitor("slots"));
    }

    [Fact]
    public void A_virtual_machine_keeps_kgdbs_breakpoints_off_its_cpu()
    {
        using KernelSession gdb = new();
        gdb.Monitor($"perf-bp add all {Address} 8 w p");
        Assert.Equal("a virtual machine has CPU#1 when it is resumed\n", gdb.Monitor("kvm enter 1"));
        gdb.RunFor(300);
        Assert.Contains("[virtual machine]", gdb.Monitor("drs 1"));
        Assert.Equal(0, gdb.Kernel.Slots(1)[0].HitCount);
        Assert.NotEqual(0, gdb.Kernel.Slots(0)[0].HitCount);
        Assert.Equal("no virtual machine has CPU#1\n", gdb.Monitor("kvm leave 1"));
        gdb.RunFor(300);
        Assert.NotEqual(0, gdb.Kernel.Slots(1)[0].HitCount);
    }

    [Fact]
    public void Kgdb_does_without_an_unplugged_cpu_and_arms_it_on_its_return()
    {
        using KernelSession gdb = new();
        Assert.Equal("OK", gdb.Point("Z2", KernelSession.Counter + 8, 8));
        Assert.Equal("online: 0,2\n", gdb.Monitor("hotplug 1 off"));
        ulong rip = gdb.Target.Host.Host.Cpus[1].Registers.Ip;
        gdb.RunFor(300);
        Assert.Equal(rip, gdb.Target.Host.Host.Cpus[1].Registers.Ip);
        Assert.Matches("CPU#1  outside", gdb.Monitor("kgdb"));
        Assert.Contains("in kgdb  1 as master, 1 as slave", gdb.Monitor("kgdb"));

        // What is set and removed meanwhile.
        Assert.Equal("OK", gdb.Point("z2", KernelSession.Counter + 8, 8));
        Assert.Equal("OK", gdb.Point("Z2", KernelSession.Counter, 4));
        Assert.Equal("online: 0,1,2\n", gdb.Monitor("hotplug 1 on"));

        // G0, RW0 = 1, LEN0 = 3; the eight bytes of before, LEN0 = 2, are still in the kernel's copy.
        Assert.Matches("dr7  .* 0{10}090202 +0{10}0d0602\n", gdb.Monitor("drs 1"));
        Assert.Matches($"CPU#1  1 of 4\n  dr0  kgdb\\[0\\] +{KernelSession.Counter:x16} w  4", gdb.Monitor("slots"));
        bool isHit = false;
        for (int i = 0; i < 20 && !isHit; i++)
        {
            isHit = gdb.Continue().Contains("thread:p1.2;", StringComparison.Ordinal);
        }

        Assert.True(isHit, "CPU#1 has not hit the watchpoint set while it was away:\n" + gdb.State());
        Assert.Empty(gdb.Kernel.Warnings);
    }

    [Fact]
    public void Kgdb_from_inside()
    {
        using KernelSession gdb = new();
        gdb.Point("Z0", KernelSession.Behind, 1);
        gdb.Point("Z3", KernelSession.Counter, 2);
        gdb.Point("Z4", KernelSession.Counter, 2);
        string text = gdb.Monitor("kgdb");
        Assert.StartsWith("kernel 6.1, kgdb as in 6.1\nin kgdb  1 as master, 2 as slave\n  CPU#0  master\n  CPU#1  slave\n", text);
        Assert.Contains($"  [0]  {KernelSession.Counter:x16} rw 2\n  [1]  -\n", text);
        Assert.Contains($"  {KernelSession.Behind:x16}  set, not in memory\n", text);
        Assert.Contains("KD-12", text);
        Assert.DoesNotContain("KD-01", text);
    }

    [Fact]
    public void Lockdep_shows_the_locks_of_the_accounting_or_says_that_it_is_off()
    {
        using KernelSession off = new();
        Assert.StartsWith("lockdep is off", off.Monitor("lockdep"));
        using KernelSession gdb = new("6.1", lockdep: true);
        gdb.Monitor($"perf-bp add all {Address} 8 w");
        gdb.Monitor($"ptrace-bp add 0 0 {Address} 8 w");
        gdb.RunFor(100);
        string text = gdb.Monitor("lockdep");
        Assert.StartsWith("all lock classes:\n", text);
        Assert.Contains("Showing all locks held in the system:", text);
        Assert.Empty(gdb.Kernel.Warnings);
    }

    [Theory]
    [InlineData("perf-bp ad", "'ad' is not one of list, add, del; usage: monitor perf-bp [list [NAME] | add CPU|all ADDR LEN r|w|rw|x [sample] [NAME]")]
    [InlineData("perf-bp list nobody", "ENOENT: there is no perf breakpoint 'nobody'")]
    [InlineData("perf-bp list stat more", "'more' is too much;")]
    [InlineData("perf-bp add all 0x1000 4 w sample a b", "'b' is too much;")]
    [InlineData("perf-bp add 2 0x1001 4 w sample", "EINVAL: 0x1001 is no multiple of 4")]
    [InlineData("perf-bp add", "CPU is missing;")]
    [InlineData("perf-bp add 7 0x1000 4 w", "'7' is not a CPU: they are 0 to 2;")]
    [InlineData("perf-bp add all watched 4 w", "'watched' is no address:")]
    [InlineData("perf-bp add all 0x1000 four w", "'four' is no LEN:")]
    [InlineData("perf-bp add all 0x1000 4", "r|w|rw|x is missing;")]
    [InlineData("perf-bp add all 0x1000 4 q", "'q' is not one of r, w, rw, x;")]
    [InlineData("perf-bp add all 0x1000 4 w a b", "'b' is too much;")]
    [InlineData("perf-bp add 2 0x1001 4 w", "EINVAL: 0x1001 is no multiple of 4")]
    [InlineData("perf-bp add 2 0x1000 3 w", "EINVAL: the processor watches 1, 2, 4 or 8 bytes")]
    [InlineData("perf-bp add 2 0x1000 4 r", "EINVAL: the processor has no breakpoint on reads alone")]
    [InlineData("perf-bp add 2 0x1000 4 x", "EINVAL: the length of an execution breakpoint is sizeof(long)")]
    [InlineData("perf-bp add all 0x1000 4 w stat", "EEXIST: there is a perf breakpoint 'stat' already")]
    [InlineData("perf-bp add 1 0x1000 4 w", "ENODEV: CPU 1 is not online")]
    [InlineData("perf-bp add 0 0x1000 4 w", "ENOSPC: no free debug register on CPU 0; they belong to ")]
    [InlineData("perf-bp add all 0x1000 4 w", "ENOSPC: no free debug register on CPU 0; they belong to ")]
    [InlineData("perf-bp del", "NAME is missing;")]
    [InlineData("perf-bp del nobody", "ENOENT: there is no perf breakpoint 'nobody'")]
    [InlineData("ptrace-bp", "add|del is missing; usage: monitor ptrace-bp ")]
    [InlineData("ptrace-bp add 0 4 0x1000 4 w", "'4' is no REG: it is 0 to 3;")]
    [InlineData("ptrace-bp add 2 0 0x1000 4 w", "EEXIST: guest/2 has a breakpoint in DR0 already")]
    [InlineData("ptrace-bp add 2 1 0x1000 4 w", "ENOSPC: no free debug register on CPU 0; they belong to ")]
    [InlineData("ptrace-bp del 2 3", "ENOENT: guest/2 has no breakpoint in DR3")]
    [InlineData("kvm", "enter|leave is missing; usage: monitor kvm enter|leave CPU")]
    [InlineData("kvm enter 1", "ENODEV: CPU 1 is not online")]
    [InlineData("kvm leave 0", "ENOENT: no virtual machine has CPU 0")]
    [InlineData("hotplug 0", "on|off is missing;")]
    [InlineData("hotplug 1 off", "ENODEV: CPU 1 is not online")]
    [InlineData("hotplug 0 on", "EEXIST: CPU 0 is online")]
    [InlineData("events many", "'many' is no N: it is 0 to 1024;")]
    [InlineData("slots 1", "'1' is too much; usage: monitor slots")]
    [InlineData("kgdb 1", "'1' is too much; usage: monitor kgdb")]
    [InlineData("lockdep all", "'all' is too much; usage: monitor lockdep")]
    [InlineData("drs 3", "'3' is not a CPU: they are 0 to 2; usage: monitor drs [CPU]")]
    [InlineData("k", "ambiguous command 'k'")]
    [InlineData("slotz", "unknown command 'slotz'")]
    public void What_is_wrong_is_said_and_changes_nothing(string line, string answer)
    {
        using KernelSession gdb = new();
        gdb.Monitor("hotplug 1 off");
        gdb.Monitor($"perf-bp add all {Address} 8 w stat");
        gdb.Monitor($"ptrace-bp add 2 0 {Address} 8 w");
        gdb.Point("Z1", KernelSession.Behind, 1);
        gdb.Monitor($"perf-bp add 0 {Address} 2 w on0");
        string before = gdb.State();
        Assert.StartsWith(answer, gdb.Monitor(line));
        Assert.Equal(before, gdb.State());
        Assert.Contains("hwbreak:", gdb.Continue());
        Assert.Empty(gdb.Kernel.Warnings);
    }

    [Fact]
    public void A_cpu_that_waits_with_a_hit_is_not_unplugged()
    {
        using KernelSession gdb = new();
        Assert.Equal("OK", gdb.Point("Z2", KernelSession.Counter, 8));
        gdb.Continue();
        int waiting = Enumerable.Range(0, 3).First(gdb.Target.Host.IsWaiting);
        string before = gdb.State();
        Assert.Equal($"EBUSY: CPU {waiting} waits in kgdb with a hit of its own, which comes first\n", gdb.Monitor($"hotplug {waiting} off"));
        Assert.Equal(before, gdb.State());

        // There may be others who wait, and who come first.
        string[] stops = [.. Enumerable.Range(0, 2).Select(_ => gdb.Driver.Ask($"vCont;c:p1.{waiting + 1:x}", 100))];
        Assert.Contains(stops, stop => stop.Contains($"core:{waiting};", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("vCont;s:p1.2")]
    [InlineData("vCont;c:p1.2")]
    public void An_unplugged_cpu_cannot_be_resumed_by_itself(string packet)
    {
        using KernelSession gdb = new();
        gdb.Monitor("hotplug 1 off");
        Assert.Matches("id=\"p1.2\" name=\"CPU..1 \\[offline\\]", gdb.Driver.Ask("qXfer:threads:read::0,1000"));
        string[] replies = gdb.Driver.AskAll(packet);
        Assert.Equal("O" + Convert.ToHexStringLower("CPU#1 [offline] executes nothing: it cannot be resumed by itself\n"u8), replies[0]);
        Assert.StartsWith("T02thread:p1.2;", replies[1]);
        Assert.Equal("T02", gdb.RunFor(3)[..3]);
    }

    [Fact]
    public void The_last_cpu_cannot_be_unplugged()
    {
        using KernelSession gdb = new();
        gdb.Monitor("hotplug 0 off");
        gdb.Monitor("hotplug 1 off");
        string before = gdb.State();
        Assert.Equal("EBUSY: CPU 2 is the last one online\n", gdb.Monitor("hotplug 2 off"));
        Assert.Equal(before, gdb.State());
    }

    private static string Bare(string line)
    {
        string[] replies = new SessionDriver().AskAll("qRcmd," + Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes(line)));
        return System.Text.Encoding.ASCII.GetString(Convert.FromHexString(string.Concat(replies[..^1].Select(reply => reply[1..]))));
    }
}
