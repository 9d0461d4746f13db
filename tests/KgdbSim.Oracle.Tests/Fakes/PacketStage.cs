using System.Buffers;
using System.Globalization;
using KgdbSim.Stub.Kgdb.Faithful;
using KgdbSim.Stub.Kgdb.Oracle;

namespace KgdbSim.Oracle.Tests.Fakes;

/// <summary>A stage with a stub and no machine: for transcripts that only talk.</summary>
internal sealed class PacketStage : IOracleStage
{
    private readonly ArrayBufferWriter<byte> _wire = new();
    private readonly List<byte> _uart = [];
    private readonly KgdbSerialStub _stub;

    public PacketStage(StageLayout layout, bool hasKdb = false)
    {
        Kernel = new FakeKernel(layout);
        _stub = new KgdbSerialStub(Kernel, _wire, hasKdb);
    }

    public FakeKernel Kernel { get; }

    public KgdbSerialStub Stub => _stub;

    public int CpuCount => 0;

    public void Send(ReadOnlySpan<byte> bytes)
    {
        _uart.AddRange(bytes);
        int read = _stub.Receive([.. _uart]);
        _uart.RemoveRange(0, read);
    }

    public int RestartCount => 0;

    public bool Wake(string name, ulong address) => false;

    public string? Type(string command)
    {
        if (command.StartsWith("sysrq", StringComparison.Ordinal) && command.EndsWith('g') && !_stub.Listens)
        {
            Kernel.Break(int.Parse(command.Split(' ')[1], CultureInfo.InvariantCulture));
            _stub.Enter(5);
        }

        return null;
    }

    public void Settle() => Send([]);

    public byte[] TakeOutput()
    {
        byte[] output = _wire.WrittenSpan.ToArray();
        _wire.ResetWrittenCount();
        return output;
    }

    public DebugRegisterDump DebugRegisters(int cpu) => throw new InvalidOperationException("this stage has no CPUs");

    public IReadOnlyList<(int Cpu, ulong Control)> TakeControlHistory() => [];

    public int? FindTask(string name) => Kernel.FindByName(name);

    public bool HasTask(int pid) => Kernel.FindTask(pid) is not null;

}
