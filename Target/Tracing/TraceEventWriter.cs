using System.Text.Encodings.Web;
using System.Text.Json;

namespace KgdbSim.Target.Tracing;

/// <summary>
/// Writes the JSON trace format of Chromium ("Trace Event Format"), which Perfetto opens: processes with threads, slices and
/// instants. A unit of virtual time is shown as a microsecond.
/// </summary>
internal sealed class TraceEventWriter : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Utf8JsonWriter _json;

    /// <summary>Begins a trace; it is complete when this is disposed of.</summary>
    public TraceEventWriter(Stream output)
    {
        _json = new Utf8JsonWriter(output, Options);
        _json.WriteStartObject();
        _json.WriteString("displayTimeUnit", "ns");
        _json.WriteStartArray("traceEvents");
    }

    /// <summary>Names a process.</summary>
    public void NameProcess(int process, string name) => WriteName("process_name", process, 0, name);

    /// <summary>Names a thread.</summary>
    public void NameThread(int process, int thread, string name) => WriteName("thread_name", process, thread, name);

    /// <summary>Something that lasts, as a whole.</summary>
    public void Slice(
        string category, string name, int process, int thread, long time, long duration, ReadOnlySpan<TraceArgument> arguments = default)
    {
        Begin("X", category, name, process, thread, time);
        _json.WriteNumber("dur", duration);
        End(arguments);
    }

    /// <summary>Something begins; things on one thread are nested.</summary>
    public void BeginSlice(string category, string name, int process, int thread, long time, ReadOnlySpan<TraceArgument> arguments = default)
    {
        Begin("B", category, name, process, thread, time);
        End(arguments);
    }

    /// <summary>The innermost thing on a thread ends; arguments are added to those of its beginning.</summary>
    public void EndSlice(string category, string name, int process, int thread, long time, ReadOnlySpan<TraceArgument> arguments = default)
    {
        Begin("E", category, name, process, thread, time);
        End(arguments);
    }

    /// <summary>Something without duration.</summary>
    /// <param name="category">For filters.</param>
    /// <param name="name">What is shown.</param>
    /// <param name="process">Whose it is.</param>
    /// <param name="thread">Where.</param>
    /// <param name="time">When.</param>
    /// <param name="isGlobal">Drawn across the process rather than on the thread.</param>
    /// <param name="arguments">More about it.</param>
    public void Instant(
        string category, string name, int process, int thread, long time, bool isGlobal, ReadOnlySpan<TraceArgument> arguments = default)
    {
        Begin("i", category, name, process, thread, time);
        _json.WriteString("s", isGlobal ? "p" : "t");
        End(arguments);
    }

    /// <summary>What was written is in the stream.</summary>
    public void Flush() => _json.Flush();

    /// <summary>Completes the trace; the stream stays open.</summary>
    public void Dispose()
    {
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Dispose();
    }

    private void WriteName(string what, int process, int thread, string name)
    {
        Begin("M", "__metadata", what, process, thread, 0);
        End([new TraceArgument("name", name)]);
    }

    private void Begin(string phase, string category, string name, int process, int thread, long time)
    {
        _json.WriteStartObject();
        _json.WriteString("ph", phase);
        _json.WriteString("cat", category);
        _json.WriteString("name", name);
        _json.WriteNumber("pid", process);
        _json.WriteNumber("tid", thread);
        _json.WriteNumber("ts", time);
    }

    private void End(ReadOnlySpan<TraceArgument> arguments)
    {
        if (!arguments.IsEmpty)
        {
            _json.WriteStartObject("args");
            foreach (TraceArgument argument in arguments)
            {
                _json.WriteString(argument.Name, argument.Value);
            }

            _json.WriteEndObject();
        }

        _json.WriteEndObject();
    }
}

/// <summary>More about an event.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Value">What it is.</param>
internal readonly record struct TraceArgument(string Name, string Value);
