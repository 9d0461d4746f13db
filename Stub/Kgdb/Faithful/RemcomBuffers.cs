namespace KgdbSim.Stub.Kgdb.Faithful;

/// <summary>
/// remcom_in_buffer and remcom_out_buffer of kernel/debug/gdbstub.c@6.1: packets are parsed and built in place, so what an
/// earlier packet left behind is seen by a later one that claims more bytes than it brings.
/// </summary>
internal sealed class RemcomBuffers
{
    /// <summary>BUFMAX.</summary>
    public const int Size = 1024;

    // The kernel runs over the ends into whatever stands there. Here that is private to each buffer.
    private const int SpillBytes = 64 * 1024;

    private readonly byte[] _input = new byte[Size + SpillBytes];
    private readonly byte[] _output = new byte[Size + SpillBytes];
    private int _outputEnd;

    public Span<byte> Input => _input;

    /// <summary>The reply as built, up to its first NUL.</summary>
    public ReadOnlySpan<byte> Reply
    {
        get
        {
            int end = _output.AsSpan().IndexOf((byte)0);
            return _output.AsSpan(0, end < 0 ? _output.Length : end);
        }
    }

    /// <summary>memset of the out buffer, before each packet.</summary>
    public void ClearReply()
    {
        _output.AsSpan(0, Math.Max(_outputEnd, Size)).Clear();
        _outputEnd = 0;
    }

    public void Reset(ReadOnlySpan<byte> text)
    {
        _outputEnd = 0;
        Append(text);
    }

    public void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_output.AsSpan(_outputEnd));
        _outputEnd += text.Length;
        _output[_outputEnd] = 0;
    }

    public void Append(byte character)
    {
        _output[_outputEnd++] = character;
        _output[_outputEnd] = 0;
    }

    /// <summary>hex_byte_pack.</summary>
    public void AppendHex(byte value)
    {
        Append(HexText.Digit(value >> 4));
        Append(HexText.Digit(value & 15));
    }

    /// <summary>Takes back the last character: the comma behind the last thread, or the <c>m</c> when there was none.</summary>
    public void DropLast() => _output[--_outputEnd] = 0;

    /// <summary>error_packet: <c>E</c> and two digits from the hex alphabet.</summary>
    public void Error(int errno)
    {
        Reset("E"u8);
        Append(HexText.Digit(-errno / 10));
        Append(HexText.Digit(-errno % 10));
    }

    /// <summary>"OK", or the error.</summary>
    public void Result(int errno)
    {
        if (errno == 0)
        {
            Reset("OK"u8);
        }
        else
        {
            Error(errno);
        }
    }

    /// <summary>Whether so many bytes in hex, and their raw form, still fit behind a buffer's start.</summary>
    public static bool Holds(int count) => count is >= 0 and < SpillBytes / 2;

    /// <summary>The upper half of the hex text to come, where kgdb_mem2hex first puts the raw bytes.</summary>
    public Span<byte> RawReply(int count) => _output.AsSpan(count, count);

    /// <summary>kgdb_mem2hex over the raw bytes that <see cref="RawReply"/> was filled with.</summary>
    public void PackRawReply(int count)
    {
        for (int i = 0; i < count; i++)
        {
            byte value = _output[count + i];
            _output[2 * i] = HexText.Digit(value >> 4);
            _output[(2 * i) + 1] = HexText.Digit(value & 15);
        }

        _outputEnd = 2 * count;
        _output[_outputEnd] = 0;
    }

    /// <summary>
    /// kgdb_hex2mem: turns the digits at a place into bytes within the buffer, from the last to the first, and leaves the result in
    /// the upper half. What is no digit counts as -1.
    /// </summary>
    public ReadOnlySpan<byte> UnpackHex(int position, int count)
    {
        int raw = position + (2 * count);
        for (int digit = raw - 1; digit >= position; digit -= 2)
        {
            int value = HexText.Value(_input[digit]);
            value |= HexText.Value(_input[digit - 1]) << 4;
            _input[--raw] = (byte)value;
        }

        return _input.AsSpan(raw, count);
    }

    /// <summary>kgdb_ebin2mem: undoes the escapes of X in place.</summary>
    public ReadOnlySpan<byte> UnpackBinary(int position, int count)
    {
        int from = position;
        for (int i = 0; i < count; i++)
        {
            byte value = _input[from++];
            _input[position + i] = value == 0x7d ? (byte)(_input[from++] ^ 0x20) : value;
        }

        return _input.AsSpan(position, count);
    }
}
