using Iced.Intel;
using KgdbSim.Target.Embedding;
using KgdbSim.Target.Loading;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Tests.Machine;

public sealed class SimulationTests
{
    private const ulong Base = 0x10_0000;
    private const ulong Variable = 0x20_0000;

    [Fact]
    public void An_elf_guest_starts_in_64_bit_mode_with_a_stack_and_interrupts_off()
    {
        using Simulation simulation = Build(1, false, a => a.nop());
        CpuView cpu = simulation.Cpu(0);
        Assert.Equal(Base, cpu.Rip);
        Assert.Equal(2UL, cpu.Rflags);
        Assert.Equal(0UL, cpu.Rsp & 15);
        Span<byte> stack = stackalloc byte[16];
        Assert.Equal(16, simulation.ReadMemory(0, cpu.Rsp - 16, stack));
        Assert.Equal(CpuStatus.Running, cpu.Status);
    }

    [Fact]
    public void Other_processors_wait_for_a_start_up_message_unless_all_are_started()
    {
        using Simulation one = Build(3, false, a => a.nop());
        Assert.Equal(CpuStatus.WaitingForSipi, one.Cpu(2).Status);
        using Simulation all = Build(3, true, a => a.nop());
        Assert.Equal([0UL, 1, 2], Enumerable.Range(0, 3).Select(i => all.Cpu(i)[7]));
        Assert.Equal(3, Enumerable.Range(0, 3).Select(i => all.Cpu(i).Rsp).Distinct().Count());
        Assert.All(Enumerable.Range(0, 3), i => Assert.Equal(CpuStatus.Running, all.Cpu(i).Status));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(5, 11)]
    public void The_exit_port_ends_the_machine(int value, int code)
    {
        using Simulation simulation = Build(1, false, a =>
        {
            a.mov(eax, value);
            a.@out(0xF4, eax);
        });
        Assert.Equal(new SimulationStop(SimulationStopReason.Exited, -1, 0, code), simulation.Run());
        Assert.Equal(code, simulation.ExitCode);
    }

    [Fact]
    public void Both_consoles_print()
    {
        using Simulation simulation = Build(1, false, a =>
        {
            a.mov(al, (byte)'h');
            a.@out(0xE9, al);
            a.mov(dx, 0x3F8);
            a.mov(al, (byte)'i');
            a.@out(dx, al);
        });
        simulation.Run(100);
        Assert.Equal("hi", simulation.TakeConsoleOutput());
        Assert.Equal("", simulation.TakeConsoleOutput());
    }

    [Fact]
    public void A_breakpoint_stops_before_and_a_watchpoint_after_the_instruction()
    {
        using Simulation simulation = Build(1, false, a =>
        {
            a.mov(esi, (uint)Variable);
            a.mov(eax, 7);
            a.mov(__dword_ptr[rsi + 4], eax);
            a.mov(ebx, __dword_ptr[rsi + 4]);
            a.mov(ecx, 1);
        });
        simulation.AddBreakpoint(Base + 10);
        Assert.Equal(new SimulationStop(SimulationStopReason.Breakpoint, 0, Base + 10, 0), simulation.Run());
        Assert.Equal(7UL, simulation.Cpu(0).Rax);
        Assert.True(simulation.RemoveBreakpoint(Base + 10));
        Assert.False(simulation.RemoveBreakpoint(Base + 10));

        simulation.AddWatchpoint(Variable + 6, 1);
        Assert.Equal(new SimulationStop(SimulationStopReason.Watchpoint, 0, Variable + 6, 0), simulation.Run());
        Assert.Equal(Base + 13, simulation.Cpu(0).Rip);
        Assert.True(simulation.RemoveWatchpoint(Variable + 6, 1));

        simulation.AddWatchpoint(Variable, 8, reads: true);
        Assert.Equal(SimulationStopReason.Watchpoint, simulation.Run().Reason);
        Assert.Equal(7UL, simulation.Cpu(0).Rbx);
    }

    [Fact]
    public void A_step_is_one_instruction_of_one_processor()
    {
        using Simulation simulation = Build(2, true, a =>
        {
            a.inc(rax);
            a.inc(rax);
        });
        Assert.Equal(new SimulationStop(SimulationStopReason.StepDone, 1, 0, 0), simulation.Step(1));
        Assert.Equal((0UL, 1UL), (simulation.Cpu(0).Rax, simulation.Cpu(1).Rax));
        Assert.Equal(1UL, simulation.StepCount);
    }

    [Fact]
    public void Without_an_interrupt_table_a_fault_shuts_the_processor_down()
    {
        using Simulation simulation = Build(1, false, a => a.ud2());
        Assert.Equal(SimulationStopReason.Shutdown, simulation.Run().Reason);
        Assert.Equal(CpuStatus.Shutdown, simulation.Cpu(0).Status);
    }

    [Fact]
    public void When_everybody_waits_for_ever_the_run_says_so()
    {
        using Simulation simulation = Build(2, true, a => a.hlt());
        Assert.Equal(SimulationStopReason.Idle, simulation.Run().Reason);
    }

    [Fact]
    public void Memory_is_written_all_or_nothing_and_read_as_far_as_it_goes()
    {
        using Simulation simulation = Build(1, false, a => a.nop());
        ulong end = 64UL << 20;
        Assert.False(simulation.WriteMemory(0, end - 2, [1, 2, 3, 4]));
        byte[] bytes = [9, 9, 9, 9];
        Assert.Equal(2, simulation.ReadMemory(0, end - 2, bytes));
        Assert.Equal(9, bytes[2]);
        Assert.Equal(0, simulation.ReadMemory(0, 0x8000_0000_0000_0000, bytes));
        Assert.True(simulation.WriteMemory(0, Variable, [1, 2, 3, 4]));
        Assert.Equal(4, simulation.ReadMemory(0, Variable, bytes));
        Assert.Equal([1, 2, 3, 4], bytes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(256)]
    public void Impossible_processor_counts_are_refused(int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Simulation(new SimulationOptions { CpuCount = count }));

    [Fact]
    public void A_processor_model_that_there_is_not_is_refused_by_name()
    {
        ArgumentException error =
            Assert.Throws<ArgumentException>(() => new Simulation(new SimulationOptions { Cpu = "zork" }));
        Assert.Contains("'zork'", error.Message, StringComparison.Ordinal);
        Assert.Contains("amd", SimulationOptions.CpuNames);
    }

    [Fact]
    public void Two_hundred_and_fifty_five_processors_run()
    {
        using Simulation simulation = Build(255, true, a => a.@lock.inc(__qword_ptr[Variable]));
        Assert.Equal(SimulationStopReason.Idle, simulation.Run().Reason);
        byte[] count = new byte[8];
        simulation.ReadMemory(0, Variable, count);
        Assert.Equal(255UL, BitConverter.ToUInt64(count));
    }

    [Fact]
    public void A_segment_in_the_machines_own_tables_is_refused()
    {
        using var simulation = new Simulation(new SimulationOptions { MemoryBytes = 1 << 20 });
        ElfFormatException error = Assert.Throws<ElfFormatException>(() => simulation.Load(TestElf.Of(Base, [0x90])));
        Assert.Equal(ElfError.SegmentOutsideMemory, error.Error);
    }

    private static Simulation Build(int cpus, bool all, Action<Assembler> code)
    {
        var assembler = new Assembler(64);
        code(assembler);
        assembler.hlt();
        var stream = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(stream), Base);
        var simulation = new Simulation(new SimulationOptions { CpuCount = cpus, StartAll = all });
        simulation.Load(TestElf.Of(Base, stream.ToArray()));
        return simulation;
    }
}
