using System.Globalization;
using System.Text;
using KgdbSim.Stub.Kgdb.Faithful;
using KgdbSim.Stub.Kgdb.Oracle;
using KgdbSim.Stub.Kgdb.Oracle.Stage;

namespace KgdbSim.Oracle.Tests.Fakes;

/// <summary>A client that drives the rebuilt stage by hand, and acknowledges whatever comes.</summary>
internal sealed class StageBench : IDisposable
{
    private readonly OracleStage _stage;
    private readonly WireReader _reader = new();

    public StageBench(string accelerator = "tcg", string commandLine = "", int[]? order = null, string name = "bench")
    {
        var header = new TranscriptHeader { Name = name, Accelerator = accelerator, CommandLine = commandLine };
        var transcript = new Transcript(header, []);
        Layout = new StageLayout(header);
        _stage = new OracleStage(transcript, Layout, order ?? [.. Enumerable.Range(0, header.CpuCount)]);
        _stage.Settle();
    }

    public StageLayout Layout { get; }

    /// <summary>A bench that has stopped by sysrq-g on CPU 1 and answered a ?.</summary>
    public static StageBench Stopped(int[]? order = null, string name = "bench")
    {
        var bench = new StageBench(order: order, name: name);
        bench.Type("sysrq 1 g");
        Assert.Equal("S05", bench.Ask("?"));
        return bench;
    }

    /// <summary>Types a command and gives the packets that come of it.</summary>
    public string Type(string command)
    {
        Assert.Null(_stage.Type(command));
        return Collect();
    }

    /// <summary>Sends a packet and gives the packets that come of it.</summary>
    public string Ask(string payload) => Raw(StubBench.Frame(payload));

    public string Raw(string bytes)
    {
        _stage.Send(Encoding.Latin1.GetBytes(bytes));
        return Collect();
    }

    /// <summary>"function+offset eflags" of the stopped thread, as the notes of the transcripts write it.</summary>
    public string Place()
    {
        byte[] image = Convert.FromHexString(Ask("g"));
        ulong place = RegisterExpectation.Value(image, RegisterNumber.InstructionPointer);
        ulong flags = RegisterExpectation.Value(image, RegisterNumber.Flags);
        string name = Layout.TryLocate(place, out string function, out int offset)
            ? string.Create(CultureInfo.InvariantCulture, $"{function}+{offset}")
            : string.Create(CultureInfo.InvariantCulture, $"{place:x}");
        return string.Create(CultureInfo.InvariantCulture, $"{name} {flags:x}");
    }

    /// <summary>DR7 of every CPU.</summary>
    public string Controls() => string.Join(
        ',', Enumerable.Range(0, _stage.CpuCount).Select(cpu => _stage.DebugRegisters(cpu).Control.ToString("x", CultureInfo.InvariantCulture)));

    public DebugRegisterDump DebugRegisters(int cpu) => _stage.DebugRegisters(cpu);

    public string Address(string function, int offset = 0) =>
        (Layout.Function(function) + (ulong)offset).ToString("x", CultureInfo.InvariantCulture);

    public string Buffer(int offset = 0) => (Layout.Buffer + (ulong)offset).ToString("x", CultureInfo.InvariantCulture);

    /// <summary>The value for P10 that puts rip at an address.</summary>
    public string Register(string function, int offset = 0) =>
        Convert.ToHexStringLower(BitConverter.GetBytes(Layout.Function(function) + (ulong)offset));

    public void Dispose() => _stage.Dispose();

    private string Collect()
    {
        var packets = new List<string>();
        while (true)
        {
            _stage.Settle();
            _reader.Feed(_stage.TakeOutput());
            if (_reader.NextPacket() is not { } packet)
            {
                return string.Join(' ', packets);
            }

            packets.Add(Encoding.Latin1.GetString(packet));
            _stage.Send("+"u8);
        }
    }
}
