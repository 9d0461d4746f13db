using KgdbSim.Target.Cpu.Float;
using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Tests.Float;

/// <summary>
/// The fast paths give the bits and exceptions of the integer path, and both the bits of the host's hardware.
/// </summary>
public sealed class FastPathTests
{
    private const int RandomPairs = 100_000;

    [Fact]
    public void Double_fast_paths_equal_the_integer_path()
    {
        Prng prng = new(0x46617374);
        foreach ((ulong a, ulong b) in Pairs(52, 11, 0x44))
        {
            FloatStatus fast = RandomStatus(ref prng);
            FloatStatus soft = fast;
            ulong c = Operands.Random(ref prng, 52, 11);
            for (int operation = 0; operation < 6; operation++)
            {
                (fast.Raised, soft.Raised) = (FloatExceptions.None, FloatExceptions.None);
                (ulong got, ulong expected) = operation switch
                {
                    0 => (Binary64.Add(a, b, ref fast), SoftBinary<Binary64Format>.Add(a, b, ref soft)),
                    1 => (Binary64.Subtract(a, b, ref fast), SoftBinary<Binary64Format>.Subtract(a, b, ref soft)),
                    2 => (Binary64.Multiply(a, b, ref fast), SoftBinary<Binary64Format>.Multiply(a, b, ref soft)),
                    3 => (Binary64.Divide(a, b, ref fast), SoftBinary<Binary64Format>.Divide(a, b, ref soft)),
                    4 => (Binary64.SquareRoot(a, ref fast), SoftBinary<Binary64Format>.SquareRoot(a, ref soft)),
                    _ => (
                        Binary64.MultiplyAdd(a, b, c, ref fast),
                        SoftBinary<Binary64Format>.MultiplyAdd(a, b, c, ref soft)),
                };
                Check($"double operation {operation} of {a:x} {b:x} {c:x}", expected, soft, got, fast);
            }
        }
    }

    [Fact]
    public void Single_fast_paths_equal_the_integer_path()
    {
        Prng prng = new(0x46617374);
        foreach ((ulong a, ulong b) in Pairs(23, 8, 0x53))
        {
            FloatStatus fast = RandomStatus(ref prng);
            FloatStatus soft = fast;
            (uint x, uint y, uint z) = ((uint)a, (uint)b, (uint)Operands.Random(ref prng, 23, 8));
            for (int operation = 0; operation < 6; operation++)
            {
                (fast.Raised, soft.Raised) = (FloatExceptions.None, FloatExceptions.None);
                (ulong got, ulong expected) = operation switch
                {
                    0 => (Binary32.Add(x, y, ref fast), SoftBinary<Binary32Format>.Add(a, b, ref soft)),
                    1 => (Binary32.Subtract(x, y, ref fast), SoftBinary<Binary32Format>.Subtract(a, b, ref soft)),
                    2 => (Binary32.Multiply(x, y, ref fast), SoftBinary<Binary32Format>.Multiply(a, b, ref soft)),
                    3 => (Binary32.Divide(x, y, ref fast), SoftBinary<Binary32Format>.Divide(a, b, ref soft)),
                    4 => (Binary32.SquareRoot(x, ref fast), SoftBinary<Binary32Format>.SquareRoot(a, ref soft)),
                    _ => (
                        Binary32.MultiplyAdd(x, y, z, ref fast),
                        SoftBinary<Binary32Format>.MultiplyAdd(a, b, z, ref soft)),
                };
                Check($"single operation {operation} of {x:x} {y:x} {z:x}", expected, soft, got, fast);
            }
        }
    }

    [Fact]
    public void Double_results_equal_the_hosts()
    {
        foreach ((ulong a, ulong b) in Pairs(52, 11, 0x484F))
        {
            double x = BitConverter.UInt64BitsToDouble(a);
            double y = BitConverter.UInt64BitsToDouble(b);
            FloatStatus status = FloatStatus.FromMxcsr(0x1F80);
            Host($"{a:x} + {b:x}", x + y, SoftBinary<Binary64Format>.Add(a, b, ref status));
            Host($"{a:x} - {b:x}", x - y, SoftBinary<Binary64Format>.Subtract(a, b, ref status));
            Host($"{a:x} * {b:x}", x * y, SoftBinary<Binary64Format>.Multiply(a, b, ref status));
            Host($"{a:x} / {b:x}", x / y, SoftBinary<Binary64Format>.Divide(a, b, ref status));
            Host($"sqrt {a:x}", Math.Sqrt(x), SoftBinary<Binary64Format>.SquareRoot(a, ref status));
        }
    }

    [Fact]
    public void Single_results_equal_the_hosts()
    {
        foreach ((ulong a, ulong b) in Pairs(23, 8, 0x484F))
        {
            float x = BitConverter.UInt32BitsToSingle((uint)a);
            float y = BitConverter.UInt32BitsToSingle((uint)b);
            FloatStatus status = FloatStatus.FromMxcsr(0x1F80);
            Host($"{a:x} + {b:x}", x + y, SoftBinary<Binary32Format>.Add(a, b, ref status));
            Host($"{a:x} - {b:x}", x - y, SoftBinary<Binary32Format>.Subtract(a, b, ref status));
            Host($"{a:x} * {b:x}", x * y, SoftBinary<Binary32Format>.Multiply(a, b, ref status));
            Host($"{a:x} / {b:x}", x / y, SoftBinary<Binary32Format>.Divide(a, b, ref status));
            Host($"sqrt {a:x}", MathF.Sqrt(x), SoftBinary<Binary32Format>.SquareRoot(a, ref status));
            Host($"widen {a:x}", (double)x, SoftConversion.Convert<Binary32Format, Binary64Format>(a, ref status));
        }
    }

    // NaN payloads are the business of the recorded vectors: hosts differ, and compilers swap operands.
    private static void Host(string what, double expected, ulong got)
    {
        bool same = double.IsNaN(expected)
            ? double.IsNaN(BitConverter.UInt64BitsToDouble(got))
            : BitConverter.DoubleToUInt64Bits(expected) == got;
        Assert.True(same, $"{what}: the host says {BitConverter.DoubleToUInt64Bits(expected):x}, got {got:x}");
    }

    private static void Host(string what, float expected, ulong got)
    {
        bool same = float.IsNaN(expected)
            ? float.IsNaN(BitConverter.UInt32BitsToSingle((uint)got))
            : BitConverter.SingleToUInt32Bits(expected) == got;
        Assert.True(same, $"{what}: the host says {BitConverter.SingleToUInt32Bits(expected):x}, got {got:x}");
    }

    private static void Check(string what, ulong expected, in FloatStatus soft, ulong got, in FloatStatus fast)
    {
        // A settled PE need not be found again.
        bool sameFlags = (soft.Raised | soft.Settled) == (fast.Raised | fast.Settled);
        Assert.True(
            sameFlags && (expected == got || soft.HasNoResult),
            $"{what} {soft.Rounding}: expected {expected:x} [{soft.Raised}], got {got:x} [{fast.Raised}]");
    }

    private static FloatStatus RandomStatus(ref Prng prng)
    {
        // Mostly what compilers use: everything masked, to nearest.
        uint mxcsr = prng.NextBelow(4) == 0 ? (uint)prng.NextBelow(0x10000) : 0x1F80 | (uint)prng.NextBelow(2) << 5;
        return FloatStatus.FromMxcsr(mxcsr);
    }

    private static IEnumerable<(ulong A, ulong B)> Pairs(int fractionBits, int exponentBits, ulong seed)
    {
        Prng prng = new(seed);
        List<ulong> special = Operands.Special(fractionBits, exponentBits);
        foreach (ulong a in special)
        {
            foreach (ulong b in special)
            {
                yield return (a, b);
            }
        }

        for (int i = 0; i < RandomPairs; i++)
        {
            ulong a = Operands.Random(ref prng, fractionBits, exponentBits);
            ulong b = i % 3 == 0
                ? Operands.Near(ref prng, a, fractionBits, exponentBits)
                : Operands.Random(ref prng, fractionBits, exponentBits);
            yield return (a, b);
        }
    }
}
