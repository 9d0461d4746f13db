namespace KgdbSim.Target.Tracing;

/// <summary>Writes what a machine did: a thread for each CPU, with slices for traps and debugger sessions and instants for the rest.</summary>
internal sealed class MachineTraceWriter
{
    private const int Process = 1;

    private readonly TraceEventWriter _writer;
    private readonly TraceRing _ring;

    /// <param name="writer">Where to.</param>
    /// <param name="ring">Where from.</param>
    /// <param name="cpuCount">How many CPUs the machine has.</param>
    public MachineTraceWriter(TraceEventWriter writer, TraceRing ring, int cpuCount)
    {
        _writer = writer;
        _ring = ring;
        writer.NameProcess(Process, "machine");
        for (int cpu = 0; cpu < cpuCount; cpu++)
        {
            writer.NameThread(Process, ThreadOf(cpu), $"CPU {cpu}");
        }
    }

    /// <summary>Writes what is in the ring, and how many events didn't fit.</summary>
    public void Drain()
    {
        long lost = _ring.TakeLostCount();
        while (_ring.TryTake(out TraceEvent happened))
        {
            if (lost != 0)
            {
                _writer.Instant("trace", $"{lost} events before this one are lost", Process, 0, (long)happened.Time, true);
                lost = 0;
            }

            Write(happened);
        }
    }

    private static int ThreadOf(int cpu) => cpu + 1;

    private void Write(in TraceEvent happened)
    {
        List<TraceArgument> arguments = [];
        if (happened.Text is { } text)
        {
            arguments.Add(new TraceArgument("text", text));
        }

        if (happened.Address != 0)
        {
            arguments.Add(new TraceArgument("address", $"0x{happened.Address:x}"));
        }

        if (happened.Value != 0)
        {
            arguments.Add(new TraceArgument(NameOfValue(happened.Category), $"0x{happened.Value:x}"));
        }

        ReadOnlySpan<TraceArgument> span = arguments.ToArray();
        (string category, string name) = (happened.Category, happened.Name);
        (int thread, long time) = (ThreadOf(happened.Cpu), (long)happened.Time);
        switch (happened.Kind)
        {
            case TraceEventKind.Begin:
                _writer.BeginSlice(category, name, Process, thread, time, span);
                break;
            case TraceEventKind.End:
                _writer.EndSlice(category, name, Process, thread, time, span);
                break;
            default:
                _writer.Instant(category, name, Process, thread, time, false, span);
                break;
        }
    }

    private static string NameOfValue(string category) => category switch
    {
        "trap" => "dr6",
        "roundup" => "cpus",
        _ => category,
    };
}
