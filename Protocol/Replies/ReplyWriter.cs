using System.Buffers;
using System.Buffers.Text;
using System.Text;
using KgdbSim.Protocol.Framing;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Replies;

/// <summary>
/// The payload of one reply under construction. A session keeps one and clears it for every packet, so that answering
/// allocates nothing; what it holds stays there for a retransmission.
/// </summary>
public sealed class ReplyWriter : IBufferWriter<byte>
{
    private const int DecimalDigitsMax = 11;

    private byte[] _buffer;

    /// <summary>
    /// A writer for replies of typically up to <paramref name="capacity"/> bytes; it grows when it must.
    /// </summary>
    public ReplyWriter(int capacity) => _buffer = new byte[capacity];

    /// <summary>How many bytes have been written.</summary>
    public int Length { get; private set; }

    /// <summary>What has been written, valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    /// <summary>
    /// What the debugger offered in <c>qSupported</c>; it decides the form of errors, thread ids and stop replies.
    /// </summary>
    public GdbFeatures Offered { get; set; }

    /// <summary>Forgets everything written; what was negotiated stays.</summary>
    public void Clear() => Length = 0;

    /// <summary>Forgets everything behind the first <paramref name="length"/> bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than has been written, or negative.</exception>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length, nameof(length));
        Length = length;
    }

    /// <summary>Replaces one byte written earlier.</summary>
    internal void Replace(int index, byte value) => _buffer[index] = value;

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_buffer.Length - Length), nameof(count));
        Length += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(Length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsSpan(Length);
    }

    /// <summary>Writes one character.</summary>
    public void Write(byte value)
    {
        Reserve(1);
        _buffer[Length++] = value;
    }

    /// <summary>Writes bytes as they are.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Writes <c>OK</c>.</summary>
    public void WriteOk() => Write("OK"u8);

    /// <summary>Replaces the reply by an error; see <see cref="ErrorReply"/>.</summary>
    public void WriteError(ErrorNumber number, ReadOnlySpan<byte> text) => ErrorReply.Write(this, number, text);

    /// <summary>Writes a number in hexadecimal, without leading zeros.</summary>
    public void WriteNumber(ulong value)
    {
        Reserve(Hex.NumberDigitsMax);
        Length += Hex.WriteNumber(_buffer.AsSpan(Length), value);
    }

    /// <summary>Writes a number in decimal, for the documents inside replies; the protocol itself has none.</summary>
    public void WriteDecimal(int value)
    {
        Reserve(DecimalDigitsMax);
        Utf8Formatter.TryFormat(value, _buffer.AsSpan(Length), out int written);
        Length += written;
    }

    /// <summary>Writes a byte as exactly two hexadecimal digits.</summary>
    public void WriteHexByte(byte value)
    {
        Reserve(2);
        Hex.WriteByte(_buffer.AsSpan(Length), value);
        Length += 2;
    }

    /// <summary>Writes bytes in memory order, two hexadecimal digits each.</summary>
    public void WriteHex(ReadOnlySpan<byte> bytes)
    {
        Reserve(2 * bytes.Length);
        Convert.TryToHexStringLower(bytes, _buffer.AsSpan(Length), out int written);
        Length += written;
    }

    /// <summary>Writes a text as UTF-8, two hexadecimal digits for each byte.</summary>
    public void WriteHexText(ReadOnlySpan<char> text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        Reserve(3 * length);

        // Behind the room for the digits, so that encoding never overtakes what is still to be read.
        Span<byte> utf8 = _buffer.AsSpan(Length + (2 * length), length);
        Encoding.UTF8.GetBytes(text, utf8);
        WriteHex(utf8);
    }

    /// <summary>
    /// Writes <c>x</c> twice for each of <paramref name="count"/> bytes: "not available" (GDB manual, packet <c>g</c>).
    /// </summary>
    public void WriteUnavailable(int count)
    {
        Reserve(2 * count);
        _buffer.AsSpan(Length, 2 * count).Fill((byte)'x');
        Length += 2 * count;
    }

    /// <summary>Writes binary data, escaped.</summary>
    public void WriteBinary(ReadOnlySpan<byte> bytes)
    {
        // Few bytes need an escape; the loop asks for more room only if there are many.
        while (!bytes.IsEmpty)
        {
            Reserve(bytes.Length + 1);
            BinaryEscape.Encode(bytes, _buffer.AsSpan(Length), out int consumed, out int written);
            Length += written;
            bytes = bytes[consumed..];
        }
    }

    /// <summary>Writes a thread id in the negotiated form.</summary>
    public void WriteThread(ThreadId id)
    {
        if ((Offered & GdbFeatures.Multiprocess) != 0)
        {
            Write((byte)'p');
            WriteIdPart(id.Process);
            Write((byte)'.');
        }

        WriteIdPart(id.Thread);
    }

    private void WriteIdPart(int part)
    {
        if (part == ThreadId.All)
        {
            Write("-1"u8);
        }
        else
        {
            WriteNumber((uint)part);
        }
    }

    private void Reserve(int count)
    {
        if (_buffer.Length - Length < count)
        {
            Array.Resize(ref _buffer, Math.Max(Length + count, 2 * _buffer.Length));
        }
    }
}
