using KgdbSim.Target.Cpu.Float;
using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Tests.Float;

/// <summary>
/// Extended arithmetic against exact rationals: four rounding modes, three precisions, masked and unmasked.
/// </summary>
public sealed class ExtendedTests
{
    private const int Rounds = 5_000;

    private delegate Unpacked Binary(in Unpacked a, in Unpacked b, ref FloatStatus status);

    [Theory]
    [InlineData("add")]
    [InlineData("subtract")]
    [InlineData("multiply")]
    [InlineData("divide")]
    public void Operations_equal_the_exact_result_rounded(string operation)
    {
        Prng prng = new(0x45787465);
        for (int i = 0; i < Rounds; i++)
        {
            Float80 a = Operands.RandomExtended(ref prng);
            Float80 b = i % 4 == 0 ? Near(ref prng, a) : Operands.RandomExtended(ref prng);
            FloatStatus status = RandomStatus(ref prng);
            BigRational x = ReferenceCodec.Value(a);
            BigRational y = ReferenceCodec.Value(b);
            if (operation == "divide" && y.Sign == 0)
            {
                continue;
            }

            BigRational exact = Exact(operation, x, y);
            Binary function = Function(operation);
            bool zeroSign = a.Sign ^ b.Sign;
            if (operation is "add" or "subtract")
            {
                bool bSign = b.Sign ^ (operation == "subtract");
                zeroSign = a.Sign == bSign ? a.Sign : status.Rounding == RoundingMode.Down;
            }

            Float80 got = Float80.Pack(function(a.Unpack(), b.Unpack(), ref status));
            bool denormal = a.Unpack().IsDenormal || b.Unpack().IsDenormal;
            Verify($"{operation} {a} {b}", exact, zeroSign, denormal, status, got);
        }
    }

    [Fact]
    public void Roots_equal_the_exact_root_rounded()
    {
        Prng prng = new(0x526F6F74);
        for (int i = 0; i < Rounds; i++)
        {
            Float80 a = Operands.RandomExtended(ref prng);
            a = a with { SignExponent = (ushort)a.BiasedExponent };
            if (a.Significand == 0)
            {
                continue;
            }

            FloatStatus status = RandomStatus(ref prng);
            Float80 got = Float80.Pack(Extended.SquareRoot(a.Unpack(), ref status));
            BigRational root = ExactReference.SquareRoot(ReferenceCodec.Value(a));
            Verify($"root {a}", root, false, a.Unpack().IsDenormal, status, got);
        }
    }

    [Fact]
    public void Every_finite_datum_survives_unpacking_and_packing()
    {
        Prng prng = new(0x5061636B);
        for (int i = 0; i < Rounds; i++)
        {
            Float80 datum = Operands.RandomExtended(ref prng);
            Float80 back = Float80.Pack(datum.Unpack());

            // A pseudo-denormal comes back in its normal form.
            bool pseudo = datum.BiasedExponent == 0 && datum.Significand >> 63 != 0;
            Float80 expected = pseudo ? datum with { SignExponent = (ushort)(datum.SignExponent | 1) } : datum;
            Assert.True(expected == back, $"{datum} became {back}");
        }
    }

    private static BigRational Exact(string operation, BigRational x, BigRational y) => operation switch
    {
        "add" => x + y,
        "subtract" => x - y,
        "multiply" => x * y,
        _ => x / y,
    };

    private static Binary Function(string operation) => operation switch
    {
        "add" => Extended.Add,
        "subtract" => Extended.Subtract,
        "multiply" => Extended.Multiply,
        _ => Extended.Divide,
    };

    private static Float80 Near(ref Prng prng, Float80 other) => new(
        (other.Significand + prng.NextBelow(5) - 2) | (other.BiasedExponent == 0 ? 0 : 1UL << 63),
        (ushort)(other.SignExponent ^ (prng.NextBelow(2) << 15)));

    private static FloatStatus RandomStatus(ref Prng prng)
    {
        ulong bits = prng.NextUInt64();
        int precision = (int)(bits & 3);
        precision = precision == 1 ? 3 : precision;
        int unmasked = (bits >> 8 & 7) == 0 ? (int)(bits >> 16 & 0x38) : 0;
        return FloatStatus.FromControlWord((ushort)(0x3F & ~unmasked | precision << 8 | (int)(bits >> 4 & 3) << 10));
    }

    private static void Verify(
        string name, BigRational exact, bool zeroSign, bool denormal, FloatStatus status, Float80 got)
    {
        ReferenceFormat format = ReferenceFormat.Extended(status.ExtendedPrecision);
        (ExactReference.Result expected, FloatExceptions extra) = Expected(exact, format, status);
        Float80 bits = ReferenceCodec.Extended(expected, exact.Sign == 0 ? zeroSign : exact.Sign < 0);
        FloatExceptions exceptions = expected.Exceptions | extra;
        exceptions |= denormal ? FloatExceptions.Denormal : FloatExceptions.None;
        bool up = (expected.Exceptions & FloatExceptions.Precision) != 0 && RoundedAway(expected, exact, status);
        Assert.True(
            got == bits && status.Raised == exceptions && status.RoundedUp == up,
            $"{name} {status.Rounding} {status.ExtendedPrecision} masked {status.Masked}: expected {bits} [{exceptions}] "
            + $"up={up}, got {got} [{status.Raised}] up={status.RoundedUp}");
    }

    private static bool RoundedAway(ExactReference.Result expected, BigRational exact, FloatStatus status)
    {
        if (expected.IsInfinite)
        {
            return true;
        }

        // An unmasked response is the exact value times a power of two, rounded.
        BigRational scaled = (status.Unmasked & FloatExceptions.Overflow) != 0 ? exact * BigRational.PowerOfTwo(-24576)
            : (status.Unmasked & FloatExceptions.Underflow) != 0 ? exact * BigRational.PowerOfTwo(24576)
            : exact;
        return BigRational.Abs(expected.Value) > BigRational.Abs(scaled);
    }

    private static (ExactReference.Result Result, FloatExceptions Extra) Expected(
        BigRational exact, ReferenceFormat format, FloatStatus status)
    {
        if (exact.Sign == 0)
        {
            return (new ExactReference.Result(false, exact, FloatExceptions.None), FloatExceptions.None);
        }

        ReferenceFormat unbounded = format with { MinExponent = -99999, MaxExponent = 99999 };
        BigRational free = BigRational.Abs(ExactReference.Round(exact, unbounded, status.Rounding).Value);
        FloatExceptions unmasked = ~status.Masked;
        if (free < BigRational.PowerOfTwo(-16382) && (unmasked & FloatExceptions.Underflow) != 0)
        {
            BigRational scaled = exact * BigRational.PowerOfTwo(24576);
            return (ExactReference.Round(scaled, format, status.Rounding), FloatExceptions.Underflow);
        }

        if (!(free < BigRational.PowerOfTwo(16384)) && (unmasked & FloatExceptions.Overflow) != 0)
        {
            BigRational scaled = exact * BigRational.PowerOfTwo(-24576);
            return (ExactReference.Round(scaled, format, status.Rounding), FloatExceptions.Overflow);
        }

        return (ExactReference.Round(exact, format, status.Rounding), FloatExceptions.None);
    }
}
