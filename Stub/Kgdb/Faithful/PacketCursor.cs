namespace KgdbSim.Stub.Kgdb.Faithful;

/// <summary>A place in a NUL-terminated packet, moved as the kernel's parsers move theirs.</summary>
internal ref struct PacketCursor(ReadOnlySpan<byte> buffer, int position)
{
    private readonly ReadOnlySpan<byte> _buffer = buffer;

    public int Position { get; private set; } = position;

    /// <summary><c>*ptr++ == expected</c>: moves on either way.</summary>
    public bool Take(char expected) => _buffer[Position++] == expected;

    /// <summary>
    /// kgdb_hex2long: an optional minus, then digits up to the first character that is none; more than 16 push the first ones out.
    /// </summary>
    /// <returns>How many digits there were: 0 is "no number", with a value of 0.</returns>
    public int ReadNumber(out ulong value)
    {
        value = 0;
        bool negative = _buffer[Position] == '-';
        if (negative)
        {
            Position++;
        }

        int digits = 0;
        for (int digit; (digit = HexText.Value(_buffer[Position])) >= 0; Position++)
        {
            value = (value << 4) | (uint)digit;
            digits++;
        }

        value = negative ? 0 - value : value;
        return digits;
    }
}
