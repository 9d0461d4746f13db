using System.Numerics;
using KgdbSim.Target.Cpu.Float;
using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Tests.Float;

/// <summary>Conversions between formats and to and from integers, against exact values.</summary>
public sealed class ConversionTests
{
    private const int Rounds = 4_000;

    [Fact]
    public void Every_half_widens_exactly_and_comes_back()
    {
        for (ulong bits = 0; bits <= 0xFFFF; bits++)
        {
            FloatStatus status = Status(0);
            ulong wide = SoftConversion.Convert<Binary16Format, Binary32Format>(bits, ref status);
            ulong back = SoftConversion.Convert<Binary32Format, Binary16Format>(wide, ref status);
            Half half = BitConverter.UInt16BitsToHalf((ushort)bits);
            bool signaling = Half.IsNaN(half) && (bits & 0x200) == 0;
            Assert.True(back == (signaling ? bits | 0x200 : bits), $"{bits:x} -> {wide:x} -> {back:x}");
            float single = BitConverter.UInt32BitsToSingle((uint)wide);
            Assert.True(Half.IsNaN(half) ? float.IsNaN(single) : single == (float)half, $"{bits:x} -> {wide:x}");
        }
    }

    [Fact]
    public void Doubles_narrow_to_single_as_the_exact_value_rounds() =>
        CheckNarrowing<Binary64Format, Binary32Format>(ReferenceFormat.Binary32);

    [Fact]
    public void Doubles_narrow_to_half_as_the_exact_value_rounds() =>
        CheckNarrowing<Binary64Format, Binary16Format>(ReferenceFormat.Binary16);

    [Fact]
    public void Singles_narrow_to_half_as_the_exact_value_rounds() =>
        CheckNarrowing<Binary32Format, Binary16Format>(ReferenceFormat.Binary16);

    [Fact]
    public void Extended_stores_round_as_the_exact_value()
    {
        Prng prng = new(0x53746F72);
        for (int i = 0; i < Rounds; i++)
        {
            Float80 datum = Operands.RandomExtended(ref prng);
            if (i % 2 == 0)
            {
                // Around the borders of the narrower formats.
                int[] borders = [-1075, -1022, 1023, -150, -126, 127, 1024, 1024];
                int border = borders[i % 16 / 2];
                datum = new Float80(datum.Significand | 1UL << 63, (ushort)(16383 + border + (int)prng.NextBelow(3)));
            }

            for (int mode = 0; mode < 4; mode++)
            {
                CheckStore<Binary32Format>(datum, mode, ReferenceFormat.Binary32);
                CheckStore<Binary64Format>(datum, mode, ReferenceFormat.Binary64);
            }
        }
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(32, true)]
    [InlineData(64, true)]
    [InlineData(16, false)]
    [InlineData(32, false)]
    [InlineData(64, false)]
    public void Integers_out_of_extended_round_and_saturate_to_the_indefinite(int bits, bool isSigned)
    {
        Prng prng = new(0x496E7465);
        for (int i = 0; i < Rounds; i++)
        {
            int exponent = 16383 - 2 + (int)prng.NextBelow(68);
            ulong significand = prng.NextUInt64() | 1UL << 63;
            significand = (i % 3) switch
            {
                0 => significand & (ulong.MaxValue << (int)prng.NextBelow(64)),
                1 => ulong.MaxValue << (int)prng.NextBelow(64),
                _ => significand,
            };
            Float80 datum = new(significand, (ushort)(exponent | (int)prng.NextBelow(2) << 15));
            for (int mode = 0; mode < 4; mode++)
            {
                CheckInteger(datum, bits, isSigned, (RoundingMode)mode);
            }
        }
    }

    [Fact]
    public void Integers_become_floating_point_as_the_exact_value_rounds()
    {
        Prng prng = new(0x46726F6D);
        for (int i = 0; i < Rounds; i++)
        {
            ulong bits = prng.NextUInt64() >> (int)prng.NextBelow(64);
            bits = (i % 3) == 0 ? 0 - bits : bits;
            FloatStatus status = Status(i & 3);
            ulong got = SoftConversion.FromInteger<Binary32Format>((long)bits, ref status);
            Check32(new BigRational((long)bits, 1), got, status);
            status.Raised = FloatExceptions.None;
            got = SoftConversion.FromUnsigned<Binary32Format>(bits, ref status);
            Check32(new BigRational(bits, 1), got, status);
        }
    }

    private static void Check32(BigRational exact, ulong got, FloatStatus status)
    {
        ExactReference.Result expected = exact.Sign == 0
            ? default
            : ExactReference.Round(exact, ReferenceFormat.Binary32, status.Rounding);
        ulong bits = ReferenceCodec.Bits(expected, exact.Sign < 0, 23, 8);
        Assert.True(
            bits == got && expected.Exceptions == status.Raised,
            $"{exact.Numerator} {status.Rounding}: expected {bits:x} [{expected.Exceptions}], "
            + $"got {got:x} [{status.Raised}]");
    }

    private static void CheckNarrowing<TFrom, TTo>(ReferenceFormat format)
        where TFrom : struct, IBinaryFormat
        where TTo : struct, IBinaryFormat
    {
        Prng prng = new(0x4E617272);
        List<ulong> operands = Operands.Special(TFrom.FractionBits, TFrom.ExponentBits);
        for (int i = 0; i < Rounds; i++)
        {
            ulong bits = Operands.Random(ref prng, TFrom.FractionBits, TFrom.ExponentBits);
            ulong target = Operands.Random(ref prng, TTo.FractionBits, TTo.ExponentBits);
            FloatStatus exact = Status(0);
            ulong wide = SoftConversion.Convert<TTo, TFrom>(target, ref exact);
            operands.Add(bits);
            operands.Add(wide + prng.NextBelow(5) - 2);
        }

        ulong top = ((1UL << TFrom.ExponentBits) - 1) << TFrom.FractionBits;
        foreach (ulong bits in operands.Where(bits => (bits & top) != top))
        {
            BigRational value = ReferenceCodec.Value(bits, TFrom.FractionBits, TFrom.ExponentBits);
            bool negative = bits >> (TFrom.FractionBits + TFrom.ExponentBits) != 0;
            for (int mode = 0; mode < 4; mode++)
            {
                FloatStatus status = Status(mode);
                ulong got = SoftConversion.Convert<TFrom, TTo>(bits, ref status);
                ExactReference.Result expected = value.Sign == 0
                    ? default
                    : ExactReference.Round(value, format, status.Rounding);
                FloatExceptions exceptions = expected.Exceptions;
                exceptions |= value.Sign != 0 && (bits & top) == 0 ? FloatExceptions.Denormal : FloatExceptions.None;
                ulong expectedBits = ReferenceCodec.Bits(expected, negative, TTo.FractionBits, TTo.ExponentBits);
                Assert.True(
                    got == expectedBits && status.Raised == exceptions,
                    $"{bits:x} {status.Rounding}: expected {expectedBits:x} [{exceptions}], "
                    + $"got {got:x} [{status.Raised}]");
            }
        }
    }

    private static void CheckStore<TTo>(Float80 datum, int mode, ReferenceFormat format)
        where TTo : struct, IBinaryFormat
    {
        FloatStatus status = FloatStatus.FromControlWord((ushort)(0x3F | mode << 10));
        ulong got = ExtendedConversion.Store<TTo>(datum.Unpack(), ref status);
        BigRational value = ReferenceCodec.Value(datum);
        ExactReference.Result expected = value.Sign == 0
            ? default
            : ExactReference.Round(value, format, status.Rounding);
        ulong bits = ReferenceCodec.Bits(expected, datum.Sign, TTo.FractionBits, TTo.ExponentBits);
        Assert.True(
            got == bits && status.Raised == expected.Exceptions,
            $"{datum} {status.Rounding}: expected {bits:x} [{expected.Exceptions}], got {got:x} [{status.Raised}]");
    }

    private static void CheckInteger(Float80 datum, int bits, bool isSigned, RoundingMode rounding)
    {
        FloatStatus status = FloatStatus.FromControlWord(0x37F);
        ulong got = IntegralRounding.ToInteger(datum.Unpack(), bits, isSigned, rounding, ref status);
        BigRational value = ReferenceCodec.Value(datum);
        BigInteger whole = ExactReference.RoundToMultiple(value, 0, rounding).Floor();
        BigInteger least = isSigned ? -(BigInteger.One << (bits - 1)) : 0;
        BigInteger most = (BigInteger.One << (isSigned ? bits - 1 : bits)) - 1;
        bool fits = whole >= least && whole <= most;
        BigInteger shown = fits ? whole : isSigned ? least : most;
        ulong expected = (ulong)(shown & ((BigInteger.One << bits) - 1));
        bool inexact = new BigRational(whole, 1) != value;
        FloatExceptions exceptions = !fits ? FloatExceptions.Invalid
            : inexact ? FloatExceptions.Precision : FloatExceptions.None;
        Assert.True(
            got == expected && status.Raised == exceptions,
            $"{datum} to {bits} bits, {rounding}: expected {expected:x} [{exceptions}], got {got:x} [{status.Raised}]");
    }

    private static FloatStatus Status(int mode) => FloatStatus.FromMxcsr(0x1F80 | (uint)mode << 13);
}
