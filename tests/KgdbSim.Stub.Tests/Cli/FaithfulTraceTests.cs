using System.Globalization;
using System.Text;
using System.Text.Json;
using Iced.Intel;
using KgdbSim.Cli;
using KgdbSim.Stub.Kgdb.Serving;
using KgdbSim.Target.Embedding;

namespace KgdbSim.Stub.Tests.Cli;

/// <summary><c>serve --faithful --trace FILE[.json]</c>: as the default face writes it.</summary>
public sealed class FaithfulTraceTests : IDisposable
{
    private readonly Simulation _simulation = new(new SimulationOptions { StartAll = true });
    private readonly FaithfulMachine _machine;
    private readonly string _target;

    public FaithfulTraceTests()
    {
        GuestProgram guest = new();
        Label target = guest.Function("_start");
        guest.Code.nop();
        guest.Code.jmp(target);
        _simulation.Load(guest.ToElf("_start"));
        _target = guest.AddressOf("_start").ToString("x", CultureInfo.InvariantCulture);
        _machine = new FaithfulMachine(_simulation, stops: true);
    }

    [Fact]
    public void Traps_sessions_roundups_and_dr7_of_each_cpu_with_the_packets()
    {
        MemoryStream stream = new();
        using (MachineTraceFile file = new(stream, _simulation.CpuCount, () => _simulation.Machine.Steps, _machine.Record))
        {
            _machine.Tell(file);
            Session();
        }

        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        JsonElement[] events = [.. document.RootElement.GetProperty("traceEvents").EnumerateArray()];

        // Other CPUs come to the same address: the last session may be one of theirs, which nobody ended.
        Assert.True(Of(events, "B", "kgdb").Length >= 2);
        Assert.InRange(Of(events, "B", "kgdb").Length - Of(events, "E", "kgdb").Length, 0, 1);
        Assert.True(Of(events, "i", "NMI roundup").Length >= 2);
        Assert.True(Of(events, "B", "nmi").Length >= 3);
        Assert.NotEmpty(Of(events, "B", "debug"));

        // kgdb_disable_hw_debug, then G0, GE and bit 10 (the oracle's facts, "DR7 / DR6").
        string?[] dr7 = [.. Of(events, "i", "DR7").Select(e => e.GetProperty("args").GetProperty("dr7").GetString())];
        Assert.Contains("0x400", dr7);
        Assert.Contains("0x602", dr7);
        Assert.Single(Of(events, "i", $"> Z1,{_target},1"));
        Assert.Single(Of(events, "i", "< S05"));
    }

    [Fact]
    public void A_log_has_a_line_for_each_packet()
    {
        StringWriter text = new();
        using (WireLog log = new(text))
        {
            _machine.Tell(log);
            Session();
            Send("\u0003-");
        }

        string[] lines = text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(lines, line => line.EndsWith("> ?", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("< S05", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("< T05thread:0", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("from the debugger", StringComparison.Ordinal));
    }

    public void Dispose() => _simulation.Dispose();

    private void Session()
    {
        foreach (string packet in (string[])["?", $"Z1,{_target},1", "c", $"z1,{_target},1", "D"])
        {
            Send($"${packet}#{packet.Sum(c => c) & 0xff:x2}");
            _machine.Run(100_000);
            Send("+");
            _machine.Run(100_000);
        }
    }

    private void Send(string bytes)
    {
        _machine.Receive(Encoding.Latin1.GetBytes(bytes));
        _machine.Sent();
    }

    private static JsonElement[] Of(JsonElement[] events, string phase, string name) =>
        [.. events.Where(e => e.GetProperty("ph").GetString() == phase && e.GetProperty("name").GetString() == name)];
}
