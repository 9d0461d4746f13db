using System.Globalization;
using System.Text;
using KgdbSim.Stub.Kgdb.Faithful;
using KgdbSim.Stub.Kgdb.Oracle;

namespace KgdbSim.Oracle.Tests.Fakes;

/// <summary>A stub whose kernel has just stopped on CPU 1 by kgdb_breakpoint, and a client that acknowledges.</summary>
internal sealed class StubBench
{
    private readonly PacketStage _stage;

    public StubBench(bool hasKdb = false)
    {
        Layout = new StageLayout(new TranscriptHeader { Name = "bench" });
        _stage = new PacketStage(Layout, hasKdb);
        _stage.Type("sysrq 1 g");
    }

    public StageLayout Layout { get; }

    public FakeKernel Kernel => _stage.Kernel;

    public KgdbSerialStub Stub => _stage.Stub;

    /// <summary>Another stop, of a connected stub.</summary>
    public string Stop()
    {
        _stage.Type("sysrq 1 g");
        return Output();
    }

    /// <summary>Sends a packet, acknowledges what comes back, and gives the payloads.</summary>
    public string Ask(string payload)
    {
        var reader = new WireReader();
        string output = Raw(Frame(payload));
        var replies = new List<string>();
        while (output.Length > 0)
        {
            reader.Feed(Encoding.Latin1.GetBytes(output));
            output = "";
            while (reader.NextPacket() is { } packet)
            {
                replies.Add(Encoding.Latin1.GetString(packet));
                output += Raw("+");
            }
        }

        return string.Join(" ", replies);
    }

    /// <summary>Sends bytes and gives the bytes that come back.</summary>
    public string Raw(string bytes)
    {
        _stage.Send(Encoding.Latin1.GetBytes(bytes));
        return Output();
    }

    public static string Frame(string payload) =>
        string.Create(CultureInfo.InvariantCulture, $"${payload}#{payload.Sum(c => c) & 0xff:x2}");

    private string Output() => Encoding.Latin1.GetString(_stage.TakeOutput());
}
