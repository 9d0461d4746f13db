using System.Text;
using KgdbSim.Stub.Binding;
using KgdbSim.Target.Tracing;

namespace KgdbSim.Cli;

/// <summary>
/// Packets and what the machine did between them, as Perfetto reads it. Times are steps of virtual time. Written at every packet;
/// of what happens between two packets the latest 65536 events are kept.
/// </summary>
internal sealed class MachineTraceFile : ITraceFile
{
    private const int Capacity = 1 << 16;
    private const int Process = 2;

    private readonly Stream _output;
    private readonly Func<ulong> _now;
    private readonly TraceEventWriter _writer;
    private readonly MachineTraceWriter _machine;
    private readonly StringBuilder _text = new();

    /// <param name="output">Where to; closed with this.</param>
    /// <param name="target">The machine, recorded from now on.</param>
    public MachineTraceFile(Stream output, IOwnedTarget target)
        : this(output, target.CpuCount, () => target.Facts?.StepCount ?? 0, target.Record)
    {
    }

    /// <param name="output">Where to; closed with this.</param>
    /// <param name="cpuCount">How many CPUs the machine has.</param>
    /// <param name="now">Its virtual time.</param>
    /// <param name="record">Has what it does put into a ring, from now on.</param>
    public MachineTraceFile(Stream output, int cpuCount, Func<ulong> now, Action<TraceRing> record)
    {
        TraceRing ring = new(Capacity);
        _output = output;
        _now = now;
        _writer = new TraceEventWriter(output);
        _machine = new MachineTraceWriter(_writer, ring, cpuCount);
        _writer.NameProcess(Process, "remote protocol");
        record(ring);
    }

    /// <inheritdoc/>
    public void Received(ReadOnlySpan<byte> payload) => Write("packet", "> ", payload);

    /// <inheritdoc/>
    public void Sent(ReadOnlySpan<byte> payload) => Write("packet", "< ", payload);

    /// <inheritdoc/>
    public void Note(string text) => Write("note", "* ", Encoding.UTF8.GetBytes(text));

    /// <inheritdoc/>
    public void Dispose()
    {
        _machine.Drain();
        _writer.Dispose();
        _output.Dispose();
    }

    private void Write(string category, string direction, ReadOnlySpan<byte> payload)
    {
        _machine.Drain();
        _text.Clear();
        string name = PacketText.Append(_text.Append(direction), payload).ToString();
        _writer.Instant(category, name, Process, 1, (long)_now(), false);
        _writer.Flush();
    }
}
