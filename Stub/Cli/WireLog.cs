using System.Text;

namespace KgdbSim.Cli;

/// <summary>
/// Packets as lines of text: <c>&gt;</c> from the debugger, <c>&lt;</c> to it, <c>*</c> anything else. Bytes that are not
/// printable ASCII are written <c>\xNN</c>.
/// </summary>
internal sealed class WireLog(TextWriter output) : ITraceFile
{
    private readonly StringBuilder _line = new();

    /// <inheritdoc/>
    public void Received(ReadOnlySpan<byte> payload) => Write("> ", payload);

    /// <inheritdoc/>
    public void Sent(ReadOnlySpan<byte> payload) => Write("< ", payload);

    /// <inheritdoc/>
    public void Note(string text)
    {
        output.Write("* ");
        output.WriteLine(text);
        output.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => output.Dispose();

    private void Write(string direction, ReadOnlySpan<byte> payload)
    {
        _line.Clear();
        _line.Append(direction);
        PacketText.Append(_line, payload);
        output.WriteLine(_line);
        output.Flush();
    }
}
