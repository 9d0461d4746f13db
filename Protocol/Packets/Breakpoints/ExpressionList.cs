using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// Agent expressions in a <c>Z</c> packet, each <c>Xlen,bytecode</c>, one directly behind the other or separated by
/// <c>;</c>. Enumerates their bytecode.
/// </summary>
/// <remarks>
/// The manual's grammar does not show it, but nothing separates two expressions (gdb 13,
/// <c>remote_target::remote_add_target_side_condition</c>).
/// </remarks>
public ref struct ExpressionList
{
    private ReadOnlySpan<byte> _rest;

    private ExpressionList(ReadOnlySpan<byte> text, int count)
    {
        _rest = text;
        Count = count;
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>The expression the enumeration stands at.</summary>
    public HexBytes Current { get; private set; }

    /// <summary>Starts an enumeration.</summary>
    public readonly ExpressionList GetEnumerator() => this;

    /// <summary>Goes on to the next expression.</summary>
    public bool MoveNext()
    {
        var reader = new PayloadReader(_rest);
        if (reader.IsAtEnd || !TryNext(ref reader, out HexBytes expression))
        {
            return false;
        }

        Current = expression;
        _rest = reader.Rest;
        return true;
    }

    /// <summary>Reads expressions as long as the next byte is <c>X</c>.</summary>
    internal static bool TryParse(scoped ref PayloadReader reader, out ExpressionList list)
    {
        ReadOnlySpan<byte> start = reader.Rest;
        int count = 0;
        list = default;
        while (StartsExpression(reader.Rest))
        {
            if (!TryNext(ref reader, out _))
            {
                return reader.Fail(PacketError.BadExpression);
            }

            count++;
        }

        list = new ExpressionList(start[..^reader.Rest.Length], count);
        return count > 0 || reader.Fail(PacketError.BadExpression);
    }

    private static bool StartsExpression(ReadOnlySpan<byte> text) =>
        text.StartsWith("X"u8) || text.StartsWith(";X"u8);

    private static bool TryNext(scoped ref PayloadReader reader, out HexBytes expression)
    {
        expression = default;
        reader.SkipIf((byte)';');
        return reader.TrySkip((byte)'X') && reader.TryNumber(out int length) && reader.TrySkip((byte)',')
            && length <= reader.Rest.Length / 2 && reader.TryTake(2 * length, out ReadOnlySpan<byte> digits)
            && HexBytes.TryCreate(digits, out expression);
    }
}
