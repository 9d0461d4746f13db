using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Iced.Intel;
using KgdbSim.Oracle.Tests.Fakes;
using KgdbSim.Stub.Kgdb.Serving;
using KgdbSim.Stub.Transport;
using KgdbSim.Target.Embedding;

namespace KgdbSim.Oracle.Tests.Serving;

/// <summary>A client of 6.1's kgdb on four CPUs that run in a circle, over a pipe.</summary>
public sealed class FaithfulServerTests : IDisposable
{
    private readonly Simulation _simulation = new(new SimulationOptions { StartAll = true });
    private readonly IDuplexPipe _client;
    private readonly SingleConnection _source;
    private readonly Thread _server;
    private readonly ulong _target;

    public FaithfulServerTests()
    {
        GuestProgram guest = new();
        Label target = guest.Function("_start");
        guest.Code.nop();
        guest.Code.nop();
        guest.Code.jmp(target);
        _simulation.Load(guest.ToElf("_start"));
        _target = guest.AddressOf("_start");
        (IDuplexPipe server, _client) = InMemoryDuplex.CreatePair();
        _source = new SingleConnection(new Connection(server, "test", server.Input.CancelPendingRead, () => { }));
        var machine = new FaithfulMachine(_simulation, stops: true);
        _server = new Thread(() => new FaithfulServer(machine, _source, new ServeOptions { Once = true }).Run());
        _server.Start();
    }

    [Fact]
    public void A_session()
    {
        Assert.Equal("S05", Ask("?"));
        Assert.Equal("QC01", Ask("qC"));
        Assert.Equal("", Ask("qSupported:swbreak+"));
        Assert.Equal("mfffffffe,fffffffd,fffffffc,fffffffb,01,02,03,04", Ask("qfThreadInfo"));
        string address = _target.ToString("x", CultureInfo.InvariantCulture);
        string text = Ask($"m{address},1");
        Assert.Equal("OK", Ask($"Z0,{address},1"));
        Assert.StartsWith("T05thread:0", Ask("c"), StringComparison.Ordinal);
        Assert.Equal(Convert.ToHexStringLower(BitConverter.GetBytes(_target + 1)), Ask("p10"));
        Assert.Equal(text, Ask($"m{address},1"));
        Assert.Equal("OK", Ask($"z0,{address},1"));
        Assert.Equal("OK", Ask($"Z1,{address},1"));
        Assert.StartsWith("T05thread:0", Ask("c"), StringComparison.Ordinal);
        Assert.Equal(Convert.ToHexStringLower(BitConverter.GetBytes(_target)), Ask("p10"));
        Assert.StartsWith("T05thread:0", Ask("s"), StringComparison.Ordinal);
        Assert.Equal("OK", Ask("D"));
    }

    public void Dispose()
    {
        _client.Output.Complete();
        _source.Dispose();
        _server.Join();
        _simulation.Dispose();
    }

    /// <summary>Sends a packet and gives the next one, acknowledged.</summary>
    private string Ask(string payload)
    {
        Write(StubBench.Frame(payload));
        var text = new StringBuilder();
        while (true)
        {
            ReadResult read = _client.Input.ReadAsync().AsTask().GetAwaiter().GetResult();
            text.Append(Encoding.Latin1.GetString(read.Buffer.ToArray()));
            _client.Input.AdvanceTo(read.Buffer.End);
            string all = text.ToString();
            int start = all.IndexOf('$', StringComparison.Ordinal);
            int end = all.IndexOf('#', StringComparison.Ordinal);
            if (start >= 0 && end > start && all.Length >= end + 3)
            {
                Write("+");
                return all[(start + 1)..end];
            }

            Assert.False(read.IsCompleted, $"the server has left after {payload}: {all}");
        }
    }

    private void Write(string text) =>
        _client.Output.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask().GetAwaiter().GetResult();
}
