using Iced.Intel;
using KgdbSim.Stub.Embedding;
using KgdbSim.Target.Embedding;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Embedding.Tests;

/// <summary>The example in README.md, word for word.</summary>
internal static class ReadmeSnippet
{
    public static string Run()
    {
        GuestProgram guest = new();
        ulong counter = guest.Variable("counter", sizeof(ulong));
        Label loop = guest.Function("_start");
        guest.Code.@lock.inc(__qword_ptr[(long)counter]);
        guest.Code.jmp(loop);

        using var simulation = new Simulation(new SimulationOptions { CpuCount = 2, StartAll = true, Seed = 42 });
        simulation.Load(guest.ToElf("_start"));
        simulation.AddWatchpoint(counter, sizeof(ulong));
        SimulationStop stop = simulation.Run();
        string report = $"CPU {stop.Cpu}: {stop.Reason}, {simulation.StepCount} steps, state {simulation.StateHash:x16}";

        // The same machine under gdb: target remote 127.0.0.1:PORT
        using GdbEndpoint endpoint = GdbEndpoint.Listen(simulation, "127.0.0.1:0");
        return $"{report}, gdb at {endpoint.Address}";
    }
}
