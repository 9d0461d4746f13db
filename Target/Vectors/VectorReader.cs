using System.Buffers;
using System.IO.Compression;

namespace KgdbSim.Target.Vectors;

/// <summary>Reads a file of vectors line by line, gzip-compressed or plain; which, its first bytes tell.</summary>
internal sealed class VectorReader : IDisposable
{
    private const int InitialBuffer = 1 << 18;

    private readonly Stream _stream;
    private readonly VectorParser _parser = new();
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialBuffer);
    private int _start;
    private int _end;
    private bool _ended;

    /// <param name="stream">Owned by the reader from here on.</param>
    public VectorReader(Stream stream)
    {
        var peeked = new PeekStream(stream);
        _stream = peeked.StartsWith(0x1F, 0x8B) ? new GZipStream(peeked, CompressionMode.Decompress) : peeked;
    }

    /// <summary>Lines read so far: the number of the line that <see cref="TryRead"/> gave last.</summary>
    public int Line { get; private set; }

    /// <summary>The text of the line read last, valid until the next read.</summary>
    public ReadOnlySpan<byte> Text => _buffer.AsSpan(_lineStart, _lineLength);

    private int _lineStart;
    private int _lineLength;

    /// <summary>Reads the next vector; false at the end of the file.</summary>
    /// <exception cref="InvalidDataException">A line is not a vector: the message has its number.</exception>
    public bool TryRead(VectorRecord record)
    {
        if (!NextLine())
        {
            return false;
        }

        Parse(record);
        return true;
    }

    /// <summary>Parses the line read last as an instruction vector.</summary>
    /// <exception cref="InvalidDataException">It is not one: the message has its number.</exception>
    public void Parse(VectorRecord record)
    {
        try
        {
            _parser.Parse(Text, record);
        }
        catch (Exception e) when (IsMalformed(e))
        {
            throw new InvalidDataException($"line {Line} is not a vector: {e.Message}", e);
        }
    }

    /// <summary>The line read last as a record of debug exceptions; null if it is not of that format.</summary>
    /// <exception cref="InvalidDataException">It is, but malformed: the message has its number.</exception>
    public DebugVectorRecord? ParseDebug()
    {
        if (!DebugVectorParser.Recognises(Text))
        {
            return null;
        }

        try
        {
            return DebugVectorParser.Parse(Text);
        }
        catch (Exception e) when (IsMalformed(e))
        {
            throw new InvalidDataException($"line {Line} is not a record of debug exceptions: {e.Message}", e);
        }
    }

    /// <summary>The line read last as a probe of kernel mode; null if it is not of that format.</summary>
    /// <exception cref="InvalidDataException">It is, but malformed: the message has its number.</exception>
    public KernelProbe? ParseProbe()
    {
        if (!KernelProbe.Recognises(Text))
        {
            return null;
        }

        try
        {
            return KernelProbe.Parse(Text);
        }
        catch (Exception e) when (IsMalformed(e))
        {
            throw new InvalidDataException($"line {Line} is not a kernel probe: {e.Message}", e);
        }
    }

    private static bool IsMalformed(Exception e) =>
        e is System.Text.Json.JsonException or FormatException or InvalidOperationException or IndexOutOfRangeException
            or KeyNotFoundException or ArgumentException;

    /// <summary>Goes to the next line that is not blank; false at the end of the file.</summary>
    public bool NextLine()
    {
        while (true)
        {
            ReadOnlySpan<byte> rest = _buffer.AsSpan(_start, _end - _start);
            int newline = rest.IndexOf((byte)'\n');
            if (newline < 0 && !_ended)
            {
                Fill();
                continue;
            }

            if (rest.IsEmpty)
            {
                return false;
            }

            _lineStart = _start;
            _lineLength = newline < 0 ? rest.Length : newline;
            _start += newline < 0 ? rest.Length : newline + 1;
            Line++;
            if (Text.ContainsAnyExcept((byte)' ', (byte)'\r', (byte)'\t'))
            {
                return true;
            }
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void Fill()
    {
        int kept = _end - _start;
        if (kept == _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(_start, kept).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, kept);
        }

        _start = 0;
        _end = kept;
        int count = _stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += count;
        _ended = count == 0;
    }
}
