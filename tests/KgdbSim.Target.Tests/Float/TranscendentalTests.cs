using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Float;
using Xunit.Abstractions;

namespace KgdbSim.Target.Tests.Float;

/// <summary>The transcendental functions against results computed with 1200 bits; the stated error bound.</summary>
public sealed class TranscendentalTests(ITestOutputHelper output)
{
    // The stated bound: 0.5001 units in the last place to nearest.
    private static readonly BigRational Bound = new(5001, 10000);

    [Fact]
    public void Results_to_nearest_are_off_by_at_most_half_a_unit_and_a_ten_thousandth()
    {
        BigRational worst = default;
        foreach (Case test in Cases())
        {
            (Float80 got, BigRational error) = Measure(test, RoundingMode.NearestEven, out FloatStatus status);
            BigRational magnitude = BigRational.Abs(error);
            Assert.True(!(magnitude > Bound), $"{test.Line}: got {got}, off by {Percent(error)} % of a unit");
            Assert.True(status.Raised == FloatExceptions.Precision, $"{test.Line}: raised {status.Raised}");
            Assert.True(status.RoundedUp == (error.Sign == test.Exact.Sign), $"{test.Line}: C1 is {status.RoundedUp}");
            worst = magnitude > worst ? magnitude : worst;
        }

        output.WriteLine($"worst error: {Percent(worst)} % of a unit in the last place");
    }

    [Theory]
    [InlineData(RoundingMode.Down)]
    [InlineData(RoundingMode.Up)]
    [InlineData(RoundingMode.TowardZero)]
    internal void Directed_results_lie_on_the_right_side_within_one_unit(RoundingMode rounding)
    {
        foreach (Case test in Cases())
        {
            (Float80 got, BigRational error) = Measure(test, rounding, out _);
            int side = rounding switch
            {
                RoundingMode.Down => -1,
                RoundingMode.Up => 1,
                _ => -test.Exact.Sign,
            };
            bool within = error.Sign == side && BigRational.Abs(error) < new BigRational(10001, 10000);
            Assert.True(within, $"{test.Line} {rounding}: got {got}, off by {Percent(error)} % of a unit");
        }
    }

    /// <summary>Error in units of the last place of the exact result.</summary>
    private static (Float80 Got, BigRational Error) Measure(Case test, RoundingMode rounding, out FloatStatus status)
    {
        status = FloatStatus.FromControlWord((ushort)(0x37F | (int)rounding << 10));
        Unpacked a = test.First.Unpack();
        Unpacked b = test.Second.Unpack();
        Float80 got = Float80.Pack(test.Operation switch
        {
            "fsin" => ExtendedTrigonometry.Sine(a, ref status),
            "fcos" => ExtendedTrigonometry.Cosine(a, ref status),
            "fptan" => ExtendedTrigonometry.Tangent(a, ref status),
            "f2xm1" => ExtendedExponential.PowerOf2Minus1(a, ref status),
            "fpatan" => ExtendedArctangent.Arctangent(a, b, ref status),
            "fyl2x" => ExtendedLogarithm.TimesLog2(a, b, ref status),
            "fyl2xp1" => ExtendedLogarithm.TimesLog2Plus1(a, b, ref status),
            _ => throw new ArgumentException(test.Operation),
        });
        BigRational unit = BigRational.PowerOfTwo(test.Exact.FloorLog2() - 63);
        return (got, (ReferenceCodec.Value(got) - test.Exact) / unit);
    }

    private static string Percent(BigRational value) =>
        ((double)(value * new BigRational(1_000_000, 1)).Floor() / 10000).ToString(CultureInfo.InvariantCulture);

    private static List<Case> Cases([CallerFilePath] string source = "")
    {
        string path = Path.Combine(Path.GetDirectoryName(source)!, "Recorded", "transcendental.txt");
        List<Case> cases = [];
        foreach (string line in File.ReadLines(path).Where(line => !line.StartsWith('#')))
        {
            string[] fields = line.Split(' ');
            cases.Add(new Case(line, fields[0], Datum(fields[1]), Datum(fields[2]), Exact(fields[3])));
        }

        Assert.True(cases.Count > 400, $"only {cases.Count} cases in {path}");
        return cases;
    }

    private static Float80 Datum(string text) => text == "-" ? default : new Float80(
        ulong.Parse(text[5..], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        ushort.Parse(text[..4], NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    private static BigRational Exact(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        int exponent = int.Parse(text[1..colon], CultureInfo.InvariantCulture);
        string digits = "0" + text[(colon + 1)..];
        BigInteger significand = BigInteger.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return new BigRational(text[0] == '-' ? -significand : significand, 1) * BigRational.PowerOfTwo(exponent - 159);
    }

    private sealed record Case(string Line, string Operation, Float80 First, Float80 Second, BigRational Exact);
}
