using System.Globalization;
using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Tests.Float;

/// <summary>
/// Scalar SSE results and flags recorded on a real CPU, operand by operand, unmasked exceptions included.
/// </summary>
public sealed class RecordedScalarTests
{
    [Fact]
    public void Results_and_flags_are_the_hardwares()
    {
        List<string> failures = [];
        int count = 0;
        foreach (string line in File.ReadLines(Corpus()))
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            count++;
            string got = Run(line.Split(' '));
            if (!line.EndsWith(got, StringComparison.Ordinal))
            {
                failures.Add($"{line}: got {got}");
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} of {count}:\n{string.Join('\n', failures)}");
        Assert.True(count > 500, $"only {count} lines in {Corpus()}");
    }

    private static string Corpus([CallerFilePath] string source = "") =>
        Path.Combine(Path.GetDirectoryName(source)!, "Recorded", "sse-scalar.txt");

    private static string Run(string[] fields)
    {
        ulong a = Hex(fields[1]);
        ulong b = Hex(fields[2]);
        uint mxcsr = (uint)Hex(fields[3]);
        FloatStatus status = FloatStatus.FromMxcsr(mxcsr);
        bool isSingle = fields[0][^1] == 's';
        string operation = fields[0][..^1];
        ulong result = isSingle
            ? Single(operation, (uint)a, (uint)b, ref status)
            : Double(operation, a, b, ref status);
        string format = $"x{Math.Max(fields[4].Length, 1)}";
        string text = status.Unmasked != 0 ? "-" : result.ToString(format, CultureInfo.InvariantCulture);
        return $" {text} {mxcsr | (uint)status.Raised:x}";
    }

    private static ulong Single(string operation, uint a, uint b, ref FloatStatus status) => operation switch
    {
        "add" => Binary32.Add(a, b, ref status),
        "sub" => Binary32.Subtract(a, b, ref status),
        "mul" => Binary32.Multiply(a, b, ref status),
        "div" => Binary32.Divide(a, b, ref status),
        "sqrt" => Binary32.SquareRoot(b, ref status),
        "cvtf" => SoftConversion.Convert<Binary32Format, Binary64Format>(b, ref status),
        _ => Common<Binary32Format>(operation, a, b, ref status),
    };

    private static ulong Double(string operation, ulong a, ulong b, ref FloatStatus status) => operation switch
    {
        "add" => Binary64.Add(a, b, ref status),
        "sub" => Binary64.Subtract(a, b, ref status),
        "mul" => Binary64.Multiply(a, b, ref status),
        "div" => Binary64.Divide(a, b, ref status),
        "sqrt" => Binary64.SquareRoot(b, ref status),
        "cvtf" => SoftConversion.Convert<Binary64Format, Binary32Format>(b, ref status),
        _ => Common<Binary64Format>(operation, a, b, ref status),
    };

    private static ulong Common<TFormat>(string operation, ulong a, ulong b, ref FloatStatus status)
        where TFormat : struct, IBinaryFormat => operation switch
        {
            "min" => SoftBinaryComparison<TFormat>.Minimum(a, b, ref status),
            "max" => SoftBinaryComparison<TFormat>.Maximum(a, b, ref status),
            "comi" => Flags(SoftBinaryComparison<TFormat>.Compare(a, b, signalsQuiet: true, ref status)),
            "ucomi" => Flags(SoftBinaryComparison<TFormat>.Compare(a, b, signalsQuiet: false, ref status)),
            "cvt32" => SoftConversion.ToInteger<TFormat>(b, 32, true, status.Rounding, ref status),
            "cvt64" => SoftConversion.ToInteger<TFormat>(b, 64, true, status.Rounding, ref status),
            "cvtt32" => SoftConversion.ToInteger<TFormat>(b, 32, true, RoundingMode.TowardZero, ref status),
            "cvtt64" => SoftConversion.ToInteger<TFormat>(b, 64, true, RoundingMode.TowardZero, ref status),
            _ => throw new ArgumentException(operation),
        };

    // ZF, PF, CF (SDM vol. 2, COMISS).
    private static ulong Flags(FloatRelation relation) => relation switch
    {
        FloatRelation.Unordered => 0x45,
        FloatRelation.Less => 0x01,
        FloatRelation.Equal => 0x40,
        _ => 0x00,
    };

    private static ulong Hex(string text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
