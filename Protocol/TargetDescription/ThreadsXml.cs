using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.TargetDescription;

/// <summary>
/// Writes the thread list that <c>qXfer:threads:read</c> transfers (GDB manual, "Thread List Format"). gdb asks for it
/// at every stop, so it goes into a buffer that the session keeps.
/// </summary>
public readonly ref struct ThreadsXml
{
    private readonly ReplyWriter _document;

    /// <summary>Starts a list.</summary>
    /// <param name="document">Cleared; holds the document in the end.</param>
    /// <param name="offered">What the debugger offered; it decides the form of the ids.</param>
    public ThreadsXml(ReplyWriter document, GdbFeatures offered)
    {
        _document = document;
        document.Clear();
        document.Offered = offered;
        document.Write("<?xml version=\"1.0\"?>\n<threads>\n"u8);
    }

    /// <summary>Adds a thread.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="core">The CPU it runs on, counted from 0; negative if on none.</param>
    /// <param name="name">Its name, UTF-8; shown in quotation marks. May be empty: none.</param>
    /// <param name="text">What <c>info threads</c> shows in parentheses, UTF-8. May be empty.</param>
    public void Add(ThreadId id, int core, ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        _document.Write("<thread id=\""u8);
        _document.WriteThread(id);
        if (core >= 0)
        {
            _document.Write("\" core=\""u8);
            _document.WriteDecimal(core);
        }

        if (!name.IsEmpty)
        {
            _document.Write("\" name=\""u8);
            WriteEscaped(name);
        }

        _document.Write("\">"u8);
        WriteEscaped(text);
        _document.Write("</thread>\n"u8);
    }

    /// <summary>Ends the list.</summary>
    public void End() => _document.Write("</threads>\n"u8);

    private void WriteEscaped(ReadOnlySpan<byte> text)
    {
        foreach (byte character in text)
        {
            switch (character)
            {
                case (byte)'<':
                    _document.Write("&lt;"u8);
                    break;
                case (byte)'&':
                    _document.Write("&amp;"u8);
                    break;
                case (byte)'"':
                    _document.Write("&quot;"u8);
                    break;
                default:
                    _document.Write(character);
                    break;
            }
        }
    }
}
