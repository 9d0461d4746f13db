using System.IO.Pipelines;
using System.Text;
using Iced.Intel;
using KgdbSim.Stub.Embedding;
using KgdbSim.Target.Embedding;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Embedding.Tests;

/// <summary>The public surface, used as a program outside would use it: no internals are visible from here.</summary>
public sealed class SimulationTests
{
    [Fact]
    public void A_guest_assembled_here_runs_to_its_exit()
    {
        GuestProgram guest = new();
        guest.Function("_start");
        guest.Code.mov(al, 20);
        guest.Code.@out(0xf4, al);
        using Simulation simulation = new(new SimulationOptions { CpuCount = 1 });
        simulation.Load(guest.ToElf("_start"));
        Assert.Equal(SimulationStopReason.Exited, simulation.Run().Reason);
        Assert.Equal(41, simulation.ExitCode);
    }

    [Fact]
    public void Breakpoints_watchpoints_registers_and_memory()
    {
        GuestProgram guest = new();
        ulong counter = guest.Variable("counter", sizeof(ulong));
        Label again = guest.Function("_start");
        guest.Code.inc(__qword_ptr[(long)counter]);
        guest.Function("behind");
        guest.Code.nop();
        guest.Code.jmp(again);
        using Simulation simulation = new(new SimulationOptions { CpuCount = 1 });
        simulation.Load(guest.ToElf("_start"));

        simulation.AddBreakpoint(guest.AddressOf("behind"));
        SimulationStop stop = simulation.Run();
        Assert.Equal((SimulationStopReason.Breakpoint, 0), (stop.Reason, stop.Cpu));
        Assert.Equal(guest.AddressOf("behind"), simulation.Cpu(0).Rip);
        Assert.Equal(1ul, Read(simulation, counter));
        simulation.RemoveBreakpoint(guest.AddressOf("behind"));

        simulation.AddWatchpoint(counter, sizeof(ulong));
        stop = simulation.Run();
        Assert.Equal((SimulationStopReason.Watchpoint, counter), (stop.Reason, stop.Address));
        Assert.Equal(2ul, Read(simulation, counter));
    }

    [Fact]
    public void The_same_seed_gives_the_same_state()
    {
        Assert.Equal(HashAfterRun(7), HashAfterRun(7));
        Assert.NotEqual(HashAfterRun(7), HashAfterRun(8));
    }

    [Fact]
    public void The_built_in_guest_counts_on_four_cpus()
    {
        using Simulation simulation = new(new SimulationOptions { StartAll = true });
        simulation.Load(BuiltInGuest.Build(startAll: true));
        Assert.Equal(SimulationStopReason.StepLimit, simulation.Run(100_000).Reason);
        Assert.Equal("built-in guest: running\n", simulation.TakeConsoleOutput());
        Assert.All(Enumerable.Range(0, 4), cpu => Assert.Equal(CpuStatus.Running, simulation.Cpu(cpu).Status));
    }

    [Fact]
    public void Its_other_cpus_are_started_by_interrupts()
    {
        using Simulation simulation = new(new SimulationOptions { CpuCount = 6 });
        simulation.Load(BuiltInGuest.Build(startAll: false));
        Assert.Equal(CpuStatus.WaitingForSipi, simulation.Cpu(1).Status);
        simulation.Run(20_000_000);
        Assert.All(Enumerable.Range(0, 4), cpu => Assert.Equal(CpuStatus.Running, simulation.Cpu(cpu).Status));
        Assert.All(Enumerable.Range(4, 2), cpu => Assert.Equal(CpuStatus.Halted, simulation.Cpu(cpu).Status));
    }

    [Fact]
    public async Task A_debugger_in_memory_steers_it_and_leaves_it_as_it_is()
    {
        GuestProgram guest = new();
        guest.Function("_start");
        guest.Code.nop();
        guest.Code.nop();
        guest.Code.hlt();
        using Simulation simulation = new(new SimulationOptions { CpuCount = 2 });
        simulation.Load(guest.ToElf("_start"));
        using (GdbEndpoint endpoint = GdbEndpoint.Attach(simulation, out IDuplexPipe debugger))
        {
            string stop = await AskAsync(debugger, "vCont;s:1");
            Assert.StartsWith("T05thread:1;core:0;", stop);
            await debugger.Output.CompleteAsync();
            await endpoint.Completion;
        }

        Assert.Equal(guest.AddressOf("_start") + 1, simulation.Cpu(0).Rip);
        Assert.Equal(SimulationStopReason.Idle, simulation.Run().Reason);
    }

    [Fact]
    public void A_debugger_by_tcp_is_told_where_to_connect()
    {
        using Simulation simulation = new(new SimulationOptions());
        simulation.Load(BuiltInGuest.Build(startAll: true));
        using GdbEndpoint endpoint = GdbEndpoint.Listen(simulation, "127.0.0.1:0");
        Assert.Equal($"127.0.0.1:{endpoint.Port}", endpoint.Address);
        using System.Net.Sockets.TcpClient gdb = new("127.0.0.1", endpoint.Port);
        gdb.GetStream().Write("$qC#b4"u8);
        byte[] reply = new byte[8];
        gdb.GetStream().ReadExactly(reply);
        Assert.Equal("+$QC1#c5", Encoding.ASCII.GetString(reply));
    }

    [Fact]
    public void A_guest_that_does_not_assemble_is_named()
    {
        GuestProgram guest = new();
        guest.Function("_start");
        Assert.Throws<InvalidOperationException>(() => guest.ToElf("_start"));
        Assert.Throws<KeyNotFoundException>(() => new GuestProgram().AddressOf("nothing"));
    }

    private static ulong HashAfterRun(ulong seed)
    {
        using Simulation simulation = new(new SimulationOptions { Seed = seed, StartAll = true });
        simulation.Load(BuiltInGuest.Build(startAll: true));
        simulation.Run(200_000);
        return simulation.StateHash;
    }

    private static ulong Read(Simulation simulation, ulong address)
    {
        byte[] bytes = new byte[sizeof(ulong)];
        Assert.Equal(bytes.Length, simulation.ReadMemory(0, address, bytes));
        return BitConverter.ToUInt64(bytes);
    }

    private static async Task<string> AskAsync(IDuplexPipe debugger, string packet)
    {
        int sum = Encoding.ASCII.GetBytes(packet).Sum(value => value) & 0xff;
        await debugger.Output.WriteAsync(Encoding.ASCII.GetBytes($"${packet}#{sum:x2}"));
        string text = "";
        while (!text.Contains('$') || text.IndexOf('#') < 0)
        {
            ReadResult received = await debugger.Input.ReadAsync();
            text += Encoding.ASCII.GetString(received.Buffer);
            debugger.Input.AdvanceTo(received.Buffer.End);
        }

        return text[(text.IndexOf('$') + 1)..text.IndexOf('#')];
    }
}
