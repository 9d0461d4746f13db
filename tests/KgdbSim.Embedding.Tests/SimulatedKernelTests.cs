using System.IO.Pipelines;
using Iced.Intel;
using KgdbSim.Stub.Embedding;
using KgdbSim.Target.Embedding;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Embedding.Tests;

/// <summary>The modelled kernel as a program outside sees it.</summary>
public sealed class SimulatedKernelTests
{
    private const int Cpus = 3;

    private static readonly GuestProgram Guest = Counter();

    [Fact]
    public void Without_a_kernel_there_is_none()
    {
        using Simulation simulation = new(new SimulationOptions { CpuCount = 1 });
        simulation.Load(Guest.ToElf("_start"));
        Assert.Null(simulation.Kernel);
    }

    [Theory]
    [InlineData("6.1", "consumed", "hw_breakpoint")]
    [InlineData("2.6.35", "consumed", "hw_breakpoint")]
    [InlineData("2.6.33", "ignored", null)] // Its handler answers NOTIFY_DONE whenever it owned a register that hit.
    public void A_perf_user_counts_on_every_cpu(string version, string verdict, string? consumer)
    {
        using Simulation simulation = Start(version);
        SimulatedKernel kernel = simulation.Kernel!;
        Assert.Equal(version, kernel.Version);
        ulong counter = Guest.AddressOf("counter");
        Assert.Equal("", kernel.AddPerfBreakpoint("writes", counter, 8, KernelBreakpointKind.Write).ToString());
        simulation.Run(3_000);

        // Each hit is one increment; the last may have been made without its trap being taken yet.
        long rounds = (long)Read(simulation, counter);
        KernelBreakpoint bp = Assert.Single(kernel.PerfBreakpoints);
        Assert.InRange(bp.HitCount, Math.Max(1, rounds - Cpus), rounds);
        Assert.Equal([0, 1, 2], bp.Cpus);
        KernelTrap trap = kernel.Events[^1];
        Assert.Equal(("debug", verdict, consumer), (trap.Kind, trap.Verdict, trap.Consumer));
        Assert.Equal(1ul, trap.Dr6 & 0xF);
        Assert.Empty(kernel.Warnings);

        Assert.True(kernel.RemovePerfBreakpoint("writes").IsDone);
        simulation.Run(3_000);

        // One trap of each CPU may have been under way.
        Assert.InRange(kernel.Events[^1].Sequence, trap.Sequence, trap.Sequence + Cpus);
        Assert.All(Enumerable.Range(0, Cpus), cpu => Assert.Equal(0ul, simulation.Cpu(cpu).Dr7 & 0xFF));
    }

    [Fact]
    public void A_breakpoint_is_in_hardware_copy_and_slots()
    {
        using Simulation simulation = Start("6.1");
        SimulatedKernel kernel = simulation.Kernel!;
        ulong counter = Guest.AddressOf("counter");
        Assert.True(kernel.AddPerfBreakpoint("one", 1, counter, 4, KernelBreakpointKind.ReadWrite).IsDone);

        // G0, GE, fixed bit 10; RW0 = 3, LEN0 = 3 (SDM vol. 3, 18.2.4).
        KernelDebugRegisters registers = kernel.DebugRegisters(1);
        Assert.Equal(0x000F0602ul, registers.Hardware.Dr7);
        Assert.Equal(0x000F0202ul, registers.Copy.Dr7);
        Assert.Equal(registers.Hardware, registers.AtResume);
        Assert.Equal(counter, registers.Copy[0]);
        Assert.Equal(0x400ul, kernel.DebugRegisters(0).Hardware.Dr7);
        Assert.Equal(
            new KernelSlot("one", counter, 4, KernelBreakpointKind.ReadWrite, 0, 0), Assert.Single(kernel.Slots(1)));
        Assert.Empty(kernel.Slots(2));
    }

    [Fact]
    public void A_tracer_learns_of_its_hits_and_the_guest_does_not()
    {
        using Simulation simulation = Start("6.1");
        SimulatedKernel kernel = simulation.Kernel!;
        ulong counter = Guest.AddressOf("counter");
        Assert.Equal("", kernel.AddPtraceBreakpoint(2, 0, counter, 8, KernelBreakpointKind.Write).ToString());
        Assert.Equal(SimulationStopReason.StepLimit, simulation.Run(30_000).Reason);
        KernelSlot slot = Assert.Single(kernel.Slots(2));
        Assert.Equal("guest/2.ptrace0", slot.Owner);
        Assert.True(slot.HitCount > 0);
        Assert.DoesNotContain(kernel.Slots(0), other => other.Register is not null);
        Assert.True(kernel.RemovePtraceBreakpoint(2, 0).IsDone);
        Assert.Empty(kernel.Slots(2));
        Assert.Equal(0x400ul, kernel.DebugRegisters(2).Hardware.Dr7 & 0x4FF);
    }

    [Theory]
    [InlineData("6.1", true)]
    [InlineData("2.6.35", false)] // Its kgdb takes any debug exception of kernel mode that nobody else stops, a tracer's too.
    [InlineData("2.6.33", true)]
    public void An_instruction_that_is_watched_is_executed_once_for_each_hit(string version, bool hasTracer)
    {
        using Simulation simulation = Start(version);
        SimulatedKernel kernel = simulation.Kernel!;
        ulong start = Guest.AddressOf("_start");
        Assert.True(!hasTracer || kernel.AddPtraceBreakpoint(0, 1, start, 1, KernelBreakpointKind.Execute).IsDone);
        Assert.Equal("", kernel.AddPerfBreakpoint("rounds", 1, start, 8, KernelBreakpointKind.Execute).ToString());
        Assert.Equal(SimulationStopReason.StepLimit, simulation.Run(30_000).Reason);
        long hits = kernel.Slots(0).Sum(slot => slot.HitCount) + kernel.PerfBreakpoints[0].HitCount;
        Assert.InRange(hits, 2, (long)Read(simulation, Guest.AddressOf("counter")) + 2);
        Assert.Empty(kernel.Warnings);
    }

    [Fact]
    public void A_virtual_machine_turns_the_hosts_breakpoints_off_until_it_leaves()
    {
        using Simulation simulation = Start("6.1");
        SimulatedKernel kernel = simulation.Kernel!;
        ulong counter = Guest.AddressOf("counter");
        kernel.AddPerfBreakpoint("writes", counter, 8, KernelBreakpointKind.Write);
        Assert.True(kernel.KvmEnter(0).IsDone);
        simulation.Run(20_000);
        Assert.True(kernel.HasVirtualMachine(0));
        Assert.Equal(0x400ul, kernel.DebugRegisters(0).Hardware.Dr7);
        Assert.Equal(0x402ul, kernel.DebugRegisters(1).Hardware.Dr7 & 0x402);
        Assert.Equal(0x400ul, simulation.Cpu(1).Dr7);
        Assert.Equal(0, kernel.Slots(0)[0].HitCount);
        Assert.True(kernel.Slots(1)[0].HitCount > 0);

        Assert.True(kernel.KvmLeave(0).IsDone);
        Assert.Equal(kernel.DebugRegisters(0).Copy.Dr7 | 0x400, kernel.DebugRegisters(0).Hardware.Dr7);
        simulation.Run(20_000);
        Assert.True(kernel.Slots(0)[0].HitCount > 0);
    }

    [Fact]
    public void An_unplugged_cpu_stands_and_its_breakpoints_are_armed_when_it_returns()
    {
        using Simulation simulation = Start("6.1");
        SimulatedKernel kernel = simulation.Kernel!;
        Assert.True(kernel.Hotplug(1, online: false).IsDone);
        Assert.Equal([0, 2], kernel.OnlineCpus);
        ulong rip = simulation.Cpu(1).Rip;
        ulong rounds = Read(simulation, Guest.AddressOf("counter"));
        simulation.Run(20_000);
        Assert.Equal(rip, simulation.Cpu(1).Rip);
        Assert.NotEqual(rounds, Read(simulation, Guest.AddressOf("counter")));

        Assert.True(kernel.Hotplug(1, online: true).IsDone);
        Assert.True(kernel.AddPerfBreakpoint("writes", 1, Guest.AddressOf("counter"), 8, KernelBreakpointKind.Write).IsDone);
        simulation.Run(20_000);
        Assert.Equal([0, 1, 2], kernel.OnlineCpus);
        Assert.True(kernel.PerfBreakpoints[0].HitCount > 0);
    }

    /// <summary>The state after a refusal is the state before.</summary>
    [Theory]
    [InlineData("ENOSPC", "no room on CPU 2")]
    [InlineData("EINVAL", "unaligned")]
    [InlineData("EINVAL", "reads alone")]
    [InlineData("EINVAL", "execution of 4 bytes")]
    [InlineData("EINVAL", "three bytes")]
    [InlineData("EOPNOTSUPP", "sixteen bytes")]
    [InlineData("EINVAL", "no bytes")]
    [InlineData("EINVAL", "bad name")]
    [InlineData("EEXIST", "name in use")]
    [InlineData("ENODEV", "offline CPU")]
    [InlineData("ENOENT", "no such perf")]
    [InlineData("EEXIST", "ptrace register in use")]
    [InlineData("ENOSPC", "no room for ptrace")]
    [InlineData("EPERM", "ptrace of a kernel address")]
    [InlineData("EINVAL", "ptrace unaligned")]
    [InlineData("EINVAL", "ptrace of 8 bytes of code")]
    [InlineData("ENODEV", "ptrace of an offline CPU")]
    [InlineData("ENOENT", "no such ptrace")]
    [InlineData("EBUSY", "kvm twice")]
    [InlineData("ENODEV", "kvm on an offline CPU")]
    [InlineData("ENOENT", "kvm left without")]
    [InlineData("EBUSY", "kvm unplugged")]
    [InlineData("ENODEV", "off twice")]
    [InlineData("EEXIST", "on twice")]
    public void A_refusal_changes_nothing(string error, string what)
    {
        using Simulation simulation = Start("6.1");
        SimulatedKernel kernel = simulation.Kernel!;
        ulong counter = Guest.AddressOf("counter");
        for (int i = 0; i < 3; i++)
        {
            Assert.True(kernel.AddPerfBreakpoint($"on2-{i}", 2, counter, 8, KernelBreakpointKind.Write).IsDone);
        }

        Assert.True(kernel.AddPtraceBreakpoint(2, 3, counter, 8, KernelBreakpointKind.Write).IsDone);
        Assert.True(kernel.KvmEnter(0).IsDone);
        Assert.True(kernel.Hotplug(1, online: false).IsDone);
        simulation.Run(1_000);
        string before = Describe(kernel);
        KernelResult result = Refused(kernel, what, counter);
        Assert.Equal(error, result.Error);
        Assert.NotEmpty(result.Reason);
        Assert.Equal(before, Describe(kernel));
        Assert.Empty(kernel.Warnings);
    }

    [Fact]
    public void The_last_cpu_stays()
    {
        using Simulation simulation = Start("6.1");
        SimulatedKernel kernel = simulation.Kernel!;
        kernel.Hotplug(0, online: false);
        kernel.Hotplug(2, online: false);
        string before = Describe(kernel);
        Assert.Equal("EBUSY: CPU 1 is the last one online", kernel.Hotplug(1, online: false).ToString());
        Assert.Equal(before, Describe(kernel));
    }

    [Fact]
    public async Task What_a_debugger_has_left_in_kgdb_stops_the_machine_again()
    {
        using Simulation simulation = Start("6.1");
        using (GdbEndpoint endpoint = GdbEndpoint.Attach(simulation, out IDuplexPipe debugger))
        {
            await debugger.Output.WriteAsync("$Z1,100000,1#35"u8.ToArray());
            await debugger.Input.ReadAtLeastAsync("+$OK#9a".Length);
            await debugger.Output.CompleteAsync();
            await endpoint.Completion;
        }

        SimulatedKernel kernel = simulation.Kernel!;
        Assert.True(kernel.IsStopped);
        Assert.True(kernel.AddPerfBreakpoint("behind", Guest.AddressOf("_start") + 9, 8, KernelBreakpointKind.Execute).IsDone);

        // In kgdb nothing is armed: G0 and GE are perf's, G1 and bit 10 come when it is left (SDM vol. 3, 18.2.4).
        KernelDebugRegisters registers = kernel.DebugRegisters(1);
        Assert.Equal((0x400ul, 0x202ul, 0x60Aul), (registers.Hardware.Dr7, registers.Copy.Dr7, registers.AtResume.Dr7));
        Assert.Equal(0x100000ul, registers.AtResume[1]);
        SimulationStop stop = simulation.Run(100_000);
        Assert.Equal((SimulationStopReason.KernelDebugger, 0x100000ul), (stop.Reason, stop.Address));
        Assert.True(kernel.IsStopped);
        Assert.Equal(registers.AtResume, kernel.DebugRegisters(1).AtResume);
    }

    private static KernelResult Refused(SimulatedKernel kernel, string what, ulong counter) => what switch
    {
        "no room on CPU 2" => kernel.AddPerfBreakpoint("all", counter, 8, KernelBreakpointKind.Write),
        "unaligned" => kernel.AddPerfBreakpoint("x", 0, counter + 1, 4, KernelBreakpointKind.Write),
        "reads alone" => kernel.AddPerfBreakpoint("x", 0, counter, 4, KernelBreakpointKind.Read),
        "execution of 4 bytes" => kernel.AddPerfBreakpoint("x", 0, counter, 4, KernelBreakpointKind.Execute),
        "three bytes" => kernel.AddPerfBreakpoint("x", 0, counter, 3, KernelBreakpointKind.Write),
        "sixteen bytes" => kernel.AddPerfBreakpoint("x", 0, counter & ~15ul, 16, KernelBreakpointKind.Write),
        "no bytes" => kernel.AddPerfBreakpoint("x", 0, counter, 0, KernelBreakpointKind.Write),
        "bad name" => kernel.AddPerfBreakpoint("a b", 0, counter, 8, KernelBreakpointKind.Write),
        "name in use" => kernel.AddPerfBreakpoint("on2-1", 0, counter, 8, KernelBreakpointKind.Write),
        "offline CPU" => kernel.AddPerfBreakpoint("x", 1, counter, 8, KernelBreakpointKind.Write),
        "no such perf" => kernel.RemovePerfBreakpoint("nobody"),
        "ptrace register in use" => kernel.AddPtraceBreakpoint(2, 3, counter, 8, KernelBreakpointKind.Write),
        "no room for ptrace" => kernel.AddPtraceBreakpoint(2, 0, counter, 8, KernelBreakpointKind.Write),
        "ptrace of a kernel address" => kernel.AddPtraceBreakpoint(0, 0, 0xFFFF_8000_0000_0000, 8, KernelBreakpointKind.Write),
        "ptrace unaligned" => kernel.AddPtraceBreakpoint(0, 0, counter + 1, 8, KernelBreakpointKind.Write),
        "ptrace of 8 bytes of code" => kernel.AddPtraceBreakpoint(0, 0, counter, 8, KernelBreakpointKind.Execute),
        "ptrace of an offline CPU" => kernel.AddPtraceBreakpoint(1, 0, counter, 8, KernelBreakpointKind.Write),
        "no such ptrace" => kernel.RemovePtraceBreakpoint(0, 1),
        "kvm twice" => kernel.KvmEnter(0),
        "kvm on an offline CPU" => kernel.KvmEnter(1),
        "kvm left without" => kernel.KvmLeave(2),
        "kvm unplugged" => kernel.Hotplug(0, online: false),
        "off twice" => kernel.Hotplug(1, online: false),
        "on twice" => kernel.Hotplug(2, online: true),
        _ => throw new ArgumentException(what),
    };

    /// <summary>Everything that the kernel shows.</summary>
    private static string Describe(SimulatedKernel kernel) => string.Join('\n', Enumerable.Range(0, Cpus).Select(cpu =>
            $"{kernel.DebugRegisters(cpu)} {string.Join("; ", kernel.Slots(cpu))} {kernel.HasVirtualMachine(cpu)}"))
        + string.Join(',', kernel.OnlineCpus) + string.Join("; ", kernel.PerfBreakpoints.Select(bp => $"{bp.Name} {bp.HitCount}"))
        + $"{kernel.Events.Count} {kernel.IsStopped}";

    private static ulong Read(Simulation simulation, ulong address)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        Assert.Equal(bytes.Length, simulation.ReadMemory(0, address, bytes));
        return BitConverter.ToUInt64(bytes);
    }

    private static Simulation Start(string version)
    {
        Simulation simulation = new(new SimulationOptions { CpuCount = Cpus, StartAll = true, Kernel = version });
        simulation.Load(Guest.ToElf("_start"));
        return simulation;
    }

    private static GuestProgram Counter()
    {
        GuestProgram guest = new();
        ulong counter = guest.Variable("counter", 16);
        Label again = guest.Function("_start");
        guest.Code.@lock.inc(__qword_ptr[(long)counter]);
        guest.Code.nop();
        guest.Code.jmp(again);
        return guest;
    }
}
