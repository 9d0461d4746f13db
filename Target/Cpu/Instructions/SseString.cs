using System.Numerics;
using System.Runtime.Intrinsics;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>What a PCMPxSTRx instruction computes before its output is formed.</summary>
/// <param name="Mask">IntRes2: bit n belongs to element n of the second operand.</param>
/// <param name="FirstIsShort">SF: the first operand's string ends inside the register.</param>
/// <param name="SecondIsShort">ZF: the second operand's string ends inside the register.</param>
internal readonly record struct StringMatch(uint Mask, bool FirstIsShort, bool SecondIsShort);

/// <summary>
/// PCMPESTRI, PCMPESTRM, PCMPISTRI, PCMPISTRM (SDM vol. 2B, section 4.1). CF is "mask not 0", OF its bit 0; AF and PF
/// become 0.
/// </summary>
internal static class PackedStringCompare
{
    /// <summary>Strings that end at the first zero element.</summary>
    public static StringMatch Implicit(Vector128<byte> first, Vector128<byte> second, byte control) =>
        (control & 1) != 0
            ? Compare(first, second, TerminatedLength<ushort>(first), TerminatedLength<ushort>(second), control)
            : Compare(first, second, TerminatedLength<byte>(first), TerminatedLength<byte>(second), control);

    /// <summary>
    /// Strings whose lengths are the absolute values of rAX and rDX, clamped to the register; the caller sign-extends
    /// EAX and EDX where the operand size is not 64 bits.
    /// </summary>
    public static StringMatch Explicit(
        Vector128<byte> first, Vector128<byte> second, long firstLength, long secondLength, byte control)
    {
        int count = ElementCount(control);
        return Compare(first, second, Clamp(firstLength, count), Clamp(secondLength, count), control);
    }

    /// <summary>The ECX result of the -I forms: the lowest or highest set bit; the element count if none is.</summary>
    public static uint Index(uint mask, byte control)
    {
        if (mask == 0)
        {
            return (uint)ElementCount(control);
        }

        return (uint)((control & 0x40) != 0 ? BitOperations.Log2(mask) : BitOperations.TrailingZeroCount(mask));
    }

    /// <summary>The XMM0 result of the -M forms: the mask itself, or one all-ones element for each set bit.</summary>
    public static Vector128<byte> ExpandMask(uint mask, byte control)
    {
        if ((control & 0x40) == 0)
        {
            return Vector128.CreateScalar(mask).AsByte();
        }

        if ((control & 1) != 0)
        {
            Vector128<ushort> bits = Vector128.Create((ushort)1, 2, 4, 8, 16, 32, 64, 128);
            return Vector128.Equals(Vector128.Create((ushort)mask) & bits, bits).AsByte();
        }

        Vector128<byte> bit = Vector128.Create(0x8040_2010_0804_0201ul).AsByte();
        Vector128<byte> spread = Vector128.Create(
            Vector64.Create((byte)mask), Vector64.Create((byte)(mask >> 8)));
        return Vector128.Equals(spread & bit, bit);
    }

    private static int ElementCount(byte control) => (control & 1) != 0 ? 8 : 16;

    private static int Clamp(long length, int count)
    {
        ulong magnitude = length < 0 ? 0 - (ulong)length : (ulong)length;
        return (int)Math.Min(magnitude, (ulong)count);
    }

    private static int TerminatedLength<T>(Vector128<byte> text)
    {
        uint zeros = Vector128.Equals(text.As<byte, T>(), Vector128<T>.Zero).ExtractMostSignificantBits();
        return zeros == 0 ? Vector128<T>.Count : BitOperations.TrailingZeroCount(zeros);
    }

    private static StringMatch Compare(
        Vector128<byte> first, Vector128<byte> second, int firstLength, int secondLength, byte control)
    {
        uint mask = (control & 3) switch
        {
            0 => StringAggregation<byte>.Apply(first, second, firstLength, secondLength, control),
            1 => StringAggregation<ushort>.Apply(first, second, firstLength, secondLength, control),
            2 => StringAggregation<sbyte>.Apply(first, second, firstLength, secondLength, control),
            _ => StringAggregation<short>.Apply(first, second, firstLength, secondLength, control),
        };
        int count = ElementCount(control);
        uint invert = (control & 0x30) switch
        {
            0x10 => (1u << count) - 1,
            0x30 => (1u << secondLength) - 1,
            _ => 0,
        };
        return new StringMatch(mask ^ invert, firstLength < count, secondLength < count);
    }
}

/// <summary>IntRes1 of the four comparisons, with the overrides for elements beyond the ends already applied.</summary>
file static class StringAggregation<T>
{
    private static uint All => (uint)((1ul << Vector128<T>.Count) - 1);

    public static uint Apply(
        Vector128<byte> first, Vector128<byte> second, int firstLength, int secondLength, byte control)
    {
        Vector128<T> a = first.As<byte, T>(), b = second.As<byte, T>();
        uint valid = (1u << secondLength) - 1;
        return (control & 0xC) switch
        {
            0x0 => EqualAny(a, b, firstLength) & valid,
            0x4 => Ranges(a, b, firstLength) & valid,
            0x8 => EqualEach(a, b, (1u << firstLength) - 1, valid),
            _ => EqualOrdered(a, b, firstLength, valid),
        };
    }

    private static uint EqualAny(Vector128<T> set, Vector128<T> text, int setLength)
    {
        uint result = 0;
        for (int i = 0; i < setLength; i++)
        {
            result |= Vector128.Equals(text, Vector128.Create(set[i])).ExtractMostSignificantBits();
        }

        return result;
    }

    /// <summary>A bound without its partner matches nothing.</summary>
    private static uint Ranges(Vector128<T> bounds, Vector128<T> text, int boundCount)
    {
        uint result = 0;
        for (int i = 0; i + 1 < boundCount; i += 2)
        {
            Vector128<T> inside = Vector128.GreaterThanOrEqual(text, Vector128.Create(bounds[i]))
                & Vector128.LessThanOrEqual(text, Vector128.Create(bounds[i + 1]));
            result |= inside.ExtractMostSignificantBits();
        }

        return result;
    }

    /// <summary>Two elements that both lie beyond their ends count as equal.</summary>
    private static uint EqualEach(Vector128<T> a, Vector128<T> b, uint validA, uint validB)
    {
        uint equal = Vector128.Equals(a, b).ExtractMostSignificantBits();
        return (equal & validA & validB) | (All & ~(validA | validB));
    }

    /// <summary>Where the needle starts; a needle that runs off the register's end still matches there.</summary>
    private static uint EqualOrdered(Vector128<T> needle, Vector128<T> text, int needleLength, uint valid)
    {
        uint result = All;
        for (int i = 0; i < needleLength; i++)
        {
            uint equal = Vector128.Equals(text, Vector128.Create(needle[i])).ExtractMostSignificantBits() & valid;
            result &= (equal >> i) | ~(All >> i);
        }

        return result;
    }
}
