namespace KgdbSim.Protocol.Text;

/// <summary>
/// A cursor over a packet's payload. Every method either moves on and returns <c>true</c>, or records
/// <see cref="Error"/> and returns <c>false</c>; so a parser is one chain of <c>&amp;&amp;</c>.
/// </summary>
/// <param name="payload">The payload behind the packet's prefix.</param>
public ref struct PayloadReader(ReadOnlySpan<byte> payload)
{
    /// <summary>What the first failed method missed.</summary>
    public PacketError Error { get; private set; }

    /// <summary>What has not been read yet.</summary>
    public ReadOnlySpan<byte> Rest { get; private set; } = payload;

    /// <summary>Whether everything has been read.</summary>
    public readonly bool IsAtEnd => Rest.IsEmpty;

    /// <summary>Records <paramref name="error"/>.</summary>
    /// <returns><c>false</c>, to end the chain.</returns>
    public bool Fail(PacketError error)
    {
        Error = error;
        return false;
    }

    /// <summary>Requires the end of the payload.</summary>
    public bool TryEnd() => IsAtEnd || Fail(PacketError.Syntax);

    /// <summary>Requires <paramref name="separator"/>.</summary>
    public bool TrySkip(byte separator) => SkipIf(separator) || Fail(PacketError.Syntax);

    /// <summary>Skips <paramref name="separator"/> if it is next; not finding it is not an error.</summary>
    public bool SkipIf(byte separator)
    {
        if (IsAtEnd || Rest[0] != separator)
        {
            return false;
        }

        Rest = Rest[1..];
        return true;
    }

    /// <summary>Reads one byte, whatever it is.</summary>
    public bool TryByte(out byte value)
    {
        if (IsAtEnd)
        {
            value = 0;
            return Fail(PacketError.Syntax);
        }

        value = Rest[0];
        Rest = Rest[1..];
        return true;
    }

    /// <summary>Takes everything up to <paramref name="separator"/> and skips that; without one, everything.</summary>
    public ReadOnlySpan<byte> TakeUntil(byte separator)
    {
        int index = Rest.IndexOf(separator);
        ReadOnlySpan<byte> field = index < 0 ? Rest : Rest[..index];
        Rest = index < 0 ? default : Rest[(index + 1)..];
        return field;
    }

    /// <summary>Takes exactly <paramref name="length"/> bytes.</summary>
    public bool TryTake(int length, out ReadOnlySpan<byte> field)
    {
        if (length > Rest.Length)
        {
            field = default;
            return Fail(PacketError.LengthMismatch);
        }

        field = Rest[..length];
        Rest = Rest[length..];
        return true;
    }

    /// <summary>Reads a hexadecimal number of up to 64 bits, leading zeros not counted.</summary>
    public bool TryNumber(out ulong value)
    {
        value = 0;
        int count = 0;
        for (; count < Rest.Length; count++)
        {
            int digit = Hex.Digit(Rest[count]);
            if (digit < 0)
            {
                break;
            }

            if (value >> 60 != 0)
            {
                return Fail(PacketError.NumberTooLarge);
            }

            value = (value << 4) | (uint)digit;
        }

        Rest = Rest[count..];
        return count > 0 || Fail(PacketError.MissingNumber);
    }

    /// <summary>Reads a hexadecimal number that is at most <paramref name="max"/>.</summary>
    public bool TryNumberUpTo(ulong max, out ulong value) =>
        TryNumber(out value) && (value <= max || Fail(PacketError.NumberTooLarge));

    /// <summary>Reads a hexadecimal number that fits a non-negative <see cref="int"/>.</summary>
    public bool TryNumber(out int value)
    {
        bool found = TryNumberUpTo(int.MaxValue, out ulong wide);
        value = found ? (int)wide : 0;
        return found;
    }

    /// <summary>Reads a signal number.</summary>
    public bool TrySignal(out GdbSignal signal)
    {
        bool found = TryNumberUpTo(byte.MaxValue, out ulong number);
        signal = found ? (GdbSignal)number : GdbSignal.None;
        return found;
    }

    /// <summary>Reads <c>0</c> or <c>1</c>.</summary>
    public bool TryFlag(out bool value)
    {
        bool found = TryNumberUpTo(1, out ulong number);
        value = found && number == 1;
        return found;
    }

    /// <summary>
    /// Reads a thread id, with or without process: <c>p1.2</c>, <c>p1</c>, <c>p1.-1</c>, <c>2</c>, <c>0</c>, <c>-1</c>.
    /// </summary>
    public bool TryThreadId(out ThreadId id)
    {
        id = default;
        if (!SkipIf((byte)'p'))
        {
            if (!TryIdPart(out int single))
            {
                return false;
            }

            id = new ThreadId(ThreadId.Any, single);
            return true;
        }

        if (!TryIdPart(out int process))
        {
            return false;
        }

        int thread = ThreadId.All;
        if (SkipIf((byte)'.') && !TryIdPart(out thread))
        {
            return false;
        }

        id = new ThreadId(process, thread);
        return true;
    }

    /// <summary>Reads the rest as pairs of hexadecimal digits.</summary>
    public bool TryHexBytes(out HexBytes bytes)
    {
        bool valid = HexBytes.TryCreate(Rest, out bytes);
        Rest = default;
        return valid || Fail(PacketError.BadHex);
    }

    /// <summary>
    /// Reads pairs of hexadecimal digits up to <paramref name="separator"/>, which is skipped, or to the end.
    /// </summary>
    public bool TryHexField(byte separator, out HexBytes bytes) =>
        HexBytes.TryCreate(TakeUntil(separator), out bytes) || Fail(PacketError.BadHex);

    /// <summary>Reads the rest as escaped binary data.</summary>
    public bool TryEscapedBytes(out EscapedBytes bytes)
    {
        bool valid = EscapedBytes.TryCreate(Rest, out bytes);
        Rest = default;
        return valid || Fail(PacketError.BadEscape);
    }

    private bool TryIdPart(out int part)
    {
        // gdb takes in fffffffe and gives back -2 (gdb 13, remote_target::write_ptid).
        bool isNegative = SkipIf((byte)'-');
        bool found = TryNumberUpTo(isNegative ? int.MaxValue : uint.MaxValue, out ulong number) && !(isNegative && number == 0);
        part = found ? unchecked(isNegative ? -(int)number : (int)number) : 0;
        return found || Fail(PacketError.BadThreadId);
    }
}
