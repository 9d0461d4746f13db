using System.Runtime.Intrinsics;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Tests.Sse;

/// <summary>
/// The arithmetic instructions, host fast path included, against the integer-only arithmetic, with everything masked,
/// rounding to nearest and PE already set, which is where the fast path applies.
/// </summary>
public sealed unsafe class SseFastPathTests
{
    private const uint Settled = 0x1FA0;
    private const int RoundCount = 4000;

    [Theory]
    [InlineData(0x58)]
    [InlineData(0x59)]
    [InlineData(0x5C)]
    [InlineData(0x5E)]
    [InlineData(0x51)]
    [InlineData(0x5D)]
    [InlineData(0x5F)]
    public void Doubles_are_those_of_the_exact_form(byte opcode)
    {
        using var machine = new VectorMachine();
        var samples = new VectorSamples();
        for (int round = 0; round < RoundCount; round++)
        {
            Vector128<ulong> a = Vector128.Create(NextDouble(samples), NextDouble(samples));
            Vector128<ulong> b = Vector128.Create(NextDouble(samples), NextDouble(samples));
            FloatStatus status = FloatStatus.FromMxcsr(Settled);
            ulong low = Exact<Binary64Format>(opcode, a[0], b[0], ref status);
            Vector128<byte> scalar = a.WithElement(0, low).AsByte();
            Check(machine, samples, [0xF2, 0x0F, opcode, 0xC1], a.AsByte(), b.AsByte(), scalar, status);
            ulong high = Exact<Binary64Format>(opcode, a[1], b[1], ref status);
            Vector128<byte> packed = Vector128.Create(low, high).AsByte();
            Check(machine, samples, [0x66, 0x0F, opcode, 0xC1], a.AsByte(), b.AsByte(), packed, status);
        }
    }

    [Theory]
    [InlineData(0x58)]
    [InlineData(0x59)]
    [InlineData(0x5C)]
    [InlineData(0x5E)]
    [InlineData(0x51)]
    [InlineData(0x5D)]
    [InlineData(0x5F)]
    public void Singles_are_those_of_the_exact_form(byte opcode)
    {
        using var machine = new VectorMachine();
        var samples = new VectorSamples();
        for (int round = 0; round < RoundCount; round++)
        {
            Vector128<uint> a = NextSingles(samples), b = NextSingles(samples);
            FloatStatus status = FloatStatus.FromMxcsr(Settled);
            Vector128<uint> expected = a.WithElement(0, (uint)Exact<Binary32Format>(opcode, a[0], b[0], ref status));
            Check(machine, samples, [0xF3, 0x0F, opcode, 0xC1], a.AsByte(), b.AsByte(), expected.AsByte(), status);
            for (int lane = 1; lane < 4; lane++)
            {
                ulong element = Exact<Binary32Format>(opcode, a[lane], b[lane], ref status);
                expected = expected.WithElement(lane, (uint)element);
            }

            Check(machine, samples, [0x0F, opcode, 0xC1], a.AsByte(), b.AsByte(), expected.AsByte(), status);
        }
    }

    private static void Check(
        VectorMachine machine,
        VectorSamples samples,
        byte[] code,
        Vector128<byte> a,
        Vector128<byte> b,
        Vector128<byte> expected,
        in FloatStatus status)
    {
        machine.SetXmm(0, a);
        machine.SetXmm(1, b);
        machine.Cpu.State->Mxcsr = Settled;
        Assert.Null(machine.Step(code));
        uint flags = Settled | (uint)status.Raised;
        Assert.True(machine.GetXmm(0) == expected && machine.Cpu.State->Mxcsr == flags,
            $"{Convert.ToHexString(code)} a={a.AsUInt64():x} b={b.AsUInt64():x}: expected {expected.AsUInt64():x} "
            + $"mxcsr {flags:x}, got {machine.GetXmm(0).AsUInt64():x} mxcsr {machine.Cpu.State->Mxcsr:x}. "
            + samples.Reproduce(nameof(SseFastPathTests)));
    }

    private static ulong Exact<TFormat>(byte opcode, ulong a, ulong b, ref FloatStatus status)
        where TFormat : struct, IBinaryFormat => opcode switch
        {
            0x58 => SoftBinary<TFormat>.Add(a, b, ref status),
            0x59 => SoftBinary<TFormat>.Multiply(a, b, ref status),
            0x5C => SoftBinary<TFormat>.Subtract(a, b, ref status),
            0x5E => SoftBinary<TFormat>.Divide(a, b, ref status),
            0x51 => SoftBinary<TFormat>.SquareRoot(b, ref status),
            0x5D => SoftBinaryComparison<TFormat>.Minimum(a, b, ref status),
            _ => SoftBinaryComparison<TFormat>.Maximum(a, b, ref status),
        };

    /// <summary>Mostly ordinary, else any bits; now and then right at the edges of the normal range.</summary>
    private static ulong NextDouble(VectorSamples samples) => (samples.NextByte() % 8) switch
    {
        0 => samples.NextWord(),
        1 => (samples.NextWord() & 0x800F_FFFF_FFFF_FFFF) | ((ulong)(samples.NextByte() % 64) << 52),
        2 => (samples.NextWord() & 0x800F_FFFF_FFFF_FFFF) | ((ulong)(2046 - (samples.NextByte() % 64)) << 52),
        3 => samples.NextWord() & 0x8000_0000_0000_0000,
        _ => (samples.NextWord() & 0x800F_FFFF_FFFF_FFFF) | ((ulong)(1000 + (samples.NextByte() % 40)) << 52),
    };

    private static Vector128<uint> NextSingles(VectorSamples samples)
    {
        Vector128<uint> result = default;
        for (int lane = 0; lane < 4; lane++)
        {
            uint bits = (uint)samples.NextWord();
            bits = (samples.NextByte() % 8) switch
            {
                0 => bits,
                1 => (bits & 0x807F_FFFF) | ((uint)(samples.NextByte() % 30) << 23),
                2 => (bits & 0x807F_FFFF) | ((uint)(254 - (samples.NextByte() % 30)) << 23),
                3 => bits & 0x8000_0000,
                _ => (bits & 0x807F_FFFF) | ((uint)(110 + (samples.NextByte() % 40)) << 23),
            };
            result = result.WithElement(lane, bits);
        }

        return result;
    }
}
