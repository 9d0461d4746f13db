using KgdbSim.Target.Cpu.Float;
using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Tests.Float;

/// <summary>Single and double arithmetic against exact rationals, in all rounding modes.</summary>
public sealed class SoftBinaryTests
{
    private const int RandomPairs = 1500;

    private delegate ulong Binary(ulong a, ulong b, ref FloatStatus status);

    [Theory]
    [InlineData("add")]
    [InlineData("subtract")]
    [InlineData("multiply")]
    [InlineData("divide")]
    public void Single_operations_equal_the_exact_result_rounded(string operation) =>
        CheckPairs<Binary32Format>(operation, ReferenceFormat.Binary32);

    [Theory]
    [InlineData("add")]
    [InlineData("subtract")]
    [InlineData("multiply")]
    [InlineData("divide")]
    public void Double_operations_equal_the_exact_result_rounded(string operation) =>
        CheckPairs<Binary64Format>(operation, ReferenceFormat.Binary64);

    [Fact]
    public void Single_roots_equal_the_exact_root_rounded() => CheckRoots<Binary32Format>(ReferenceFormat.Binary32);

    [Fact]
    public void Double_roots_equal_the_exact_root_rounded() => CheckRoots<Binary64Format>(ReferenceFormat.Binary64);

    [Fact]
    public void Single_fused_multiply_add_rounds_once() => CheckFused<Binary32Format>(ReferenceFormat.Binary32);

    [Fact]
    public void Double_fused_multiply_add_rounds_once() => CheckFused<Binary64Format>(ReferenceFormat.Binary64);

    private static void CheckPairs<TFormat>(string operation, ReferenceFormat format)
        where TFormat : struct, IBinaryFormat
    {
        foreach ((ulong a, ulong b) in Pairs<TFormat>())
        {
            if (IsFinite<TFormat>(a) && IsFinite<TFormat>(b))
            {
                CheckPair<TFormat>(operation, format, a, b);
            }
        }
    }

    private static void CheckPair<TFormat>(string operation, ReferenceFormat format, ulong a, ulong b)
        where TFormat : struct, IBinaryFormat
    {
        BigRational x = ReferenceCodec.Value(a, TFormat.FractionBits, TFormat.ExponentBits);
        BigRational y = ReferenceCodec.Value(b, TFormat.FractionBits, TFormat.ExponentBits);
        if (operation == "divide" && y.Sign == 0)
        {
            return;
        }

        BigRational exact = operation switch
        {
            "add" => x + y,
            "subtract" => x - y,
            "multiply" => x * y,
            _ => x / y,
        };
        Binary function = operation switch
        {
            "add" => SoftBinary<TFormat>.Add,
            "subtract" => SoftBinary<TFormat>.Subtract,
            "multiply" => SoftBinary<TFormat>.Multiply,
            _ => SoftBinary<TFormat>.Divide,
        };
        bool additive = operation is "add" or "subtract";
        for (int mode = 0; mode < 8; mode++)
        {
            FloatStatus status = StatusFor(mode);
            bool zeroSign = additive
                ? SumSign<TFormat>(a, b, operation == "subtract", status.Rounding)
                : IsNegative<TFormat>(a ^ b);
            ulong got = function(a, b, ref status);
            string name = $"{typeof(TFormat).Name} {operation} {a:x} {b:x}";
            bool denormal = IsDenormal<TFormat>(a) || IsDenormal<TFormat>(b);
            Verify<TFormat>(name, exact, zeroSign, denormal, format, status, got);
        }
    }

    private static void CheckRoots<TFormat>(ReferenceFormat format)
        where TFormat : struct, IBinaryFormat
    {
        foreach ((ulong a, _) in Pairs<TFormat>())
        {
            BigRational x = default;
            if (IsFinite<TFormat>(a) && !IsNegative<TFormat>(a))
            {
                x = ReferenceCodec.Value(a, TFormat.FractionBits, TFormat.ExponentBits);
            }

            if (x.Sign <= 0)
            {
                continue;
            }

            for (int mode = 0; mode < 4; mode++)
            {
                FloatStatus status = StatusFor(mode);
                ulong got = SoftBinary<TFormat>.SquareRoot(a, ref status);
                string name = $"{typeof(TFormat).Name} root {a:x}";
                BigRational root = ExactReference.SquareRoot(x);
                Verify<TFormat>(name, root, false, IsDenormal<TFormat>(a), format, status, got);
            }
        }
    }

    private static void CheckFused<TFormat>(ReferenceFormat format)
        where TFormat : struct, IBinaryFormat
    {
        Prng prng = new(0x46757365);
        foreach ((ulong a, ulong b) in Pairs<TFormat>())
        {
            FloatStatus nearest = StatusFor(0);
            ulong product = SoftBinary<TFormat>.Multiply(a, b, ref nearest);
            ulong c = Operands.Near(ref prng, product, TFormat.FractionBits, TFormat.ExponentBits);
            if (prng.NextBelow(2) == 0)
            {
                c = Operands.Random(ref prng, TFormat.FractionBits, TFormat.ExponentBits);
            }

            if (IsFinite<TFormat>(a) && IsFinite<TFormat>(b) && IsFinite<TFormat>(c))
            {
                CheckFusedOne<TFormat>(format, a, b, c);
            }
        }
    }

    private static void CheckFusedOne<TFormat>(ReferenceFormat format, ulong a, ulong b, ulong c)
        where TFormat : struct, IBinaryFormat
    {
        BigRational x = ReferenceCodec.Value(a, TFormat.FractionBits, TFormat.ExponentBits);
        BigRational y = ReferenceCodec.Value(b, TFormat.FractionBits, TFormat.ExponentBits);
        BigRational z = ReferenceCodec.Value(c, TFormat.FractionBits, TFormat.ExponentBits);
        bool denormal = IsDenormal<TFormat>(a) || IsDenormal<TFormat>(b) || IsDenormal<TFormat>(c);
        for (int mode = 0; mode < 8; mode++)
        {
            FloatStatus status = StatusFor(mode);
            ulong got = SoftBinary<TFormat>.MultiplyAdd(a, b, c, ref status);
            bool productSign = IsNegative<TFormat>(a ^ b);
            bool zeroSign = productSign == IsNegative<TFormat>(c) ? productSign : status.Rounding == RoundingMode.Down;
            string name = $"{typeof(TFormat).Name} fma {a:x} {b:x} {c:x}";
            Verify<TFormat>(name, (x * y) + z, zeroSign, denormal, format, status, got);
        }
    }

    private static void Verify<TFormat>(
        string name,
        BigRational exact,
        bool zeroSign,
        bool denormal,
        ReferenceFormat format,
        FloatStatus status,
        ulong got)
        where TFormat : struct, IBinaryFormat
    {
        ExactReference.Result expected = exact.Sign == 0
            ? new ExactReference.Result(false, exact, FloatExceptions.None)
            : ExactReference.Round(exact, format, status.Rounding, status.FlushToZero);
        bool negative = exact.Sign == 0 ? zeroSign : exact.Sign < 0;
        ulong bits = ReferenceCodec.Bits(expected, negative, TFormat.FractionBits, TFormat.ExponentBits);
        FloatExceptions exceptions = expected.Exceptions | (denormal ? FloatExceptions.Denormal : FloatExceptions.None);
        Assert.True(
            got == bits && status.Raised == exceptions,
            $"{name} {status.Rounding} FTZ={status.FlushToZero}: expected {bits:x} [{exceptions}], "
            + $"got {got:x} [{status.Raised}]");
    }

    private static IEnumerable<(ulong A, ulong B)> Pairs<TFormat>()
        where TFormat : struct, IBinaryFormat
    {
        List<ulong> special = Operands.Special(TFormat.FractionBits, TFormat.ExponentBits);
        foreach (ulong a in special)
        {
            foreach (ulong b in special)
            {
                yield return (a, b);
            }
        }

        Prng prng = new(0x536F6674);
        for (int i = 0; i < RandomPairs; i++)
        {
            ulong a = Operands.Random(ref prng, TFormat.FractionBits, TFormat.ExponentBits);
            yield return (a, Operands.Random(ref prng, TFormat.FractionBits, TFormat.ExponentBits));
            yield return (a, Operands.Near(ref prng, a, TFormat.FractionBits, TFormat.ExponentBits));
        }
    }

    // Modes 4 to 7 repeat the four rounding modes with FTZ.
    private static FloatStatus StatusFor(int mode) =>
        FloatStatus.FromMxcsr(0x1F80 | ((uint)mode & 3) << 13 | ((uint)mode >> 2) << 15);

    private static bool IsFinite<TFormat>(ulong bits)
        where TFormat : struct, IBinaryFormat =>
        (~bits >> TFormat.FractionBits & ((1UL << TFormat.ExponentBits) - 1)) != 0;

    private static bool IsNegative<TFormat>(ulong bits)
        where TFormat : struct, IBinaryFormat => (bits >> (TFormat.FractionBits + TFormat.ExponentBits)) != 0;

    private static bool IsDenormal<TFormat>(ulong bits)
        where TFormat : struct, IBinaryFormat =>
        (bits >> TFormat.FractionBits & ((1UL << TFormat.ExponentBits) - 1)) == 0
        && (bits & ((1UL << TFormat.FractionBits) - 1)) != 0;

    private static bool SumSign<TFormat>(ulong a, ulong b, bool subtract, RoundingMode rounding)
        where TFormat : struct, IBinaryFormat
    {
        bool aSign = IsNegative<TFormat>(a);
        bool bSign = IsNegative<TFormat>(b) ^ subtract;
        return aSign == bSign ? aSign : rounding == RoundingMode.Down;
    }
}
