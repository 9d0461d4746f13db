using System.Globalization;
using System.Runtime.Intrinsics;
using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Tests.Sse;

/// <summary>
/// Random 128-bit operands, biased towards lane borders. The seed comes from KGDBSIM_SEED, so that a failure printed
/// with its seed can be run again; without it the seed is fixed.
/// </summary>
internal sealed class VectorSamples
{
    private static readonly ulong[] Borders =
    [
        0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, long.MaxValue,
        1ul << 63, ulong.MaxValue, 0x8080_8080_8080_8080, 0x7F80_7F80_7F80_7F80, 0x8000_8000_8000_8000,
        0x7FFF_8000_7FFF_8000, 0x8000_0000_8000_0000, 0x0001_FF00_0001_FF00, 0xFFFF_0000_FFFF_0000,
    ];

    private Prng _random;

    public VectorSamples()
    {
        string? text = Environment.GetEnvironmentVariable("KGDBSIM_SEED");
        Seed = text is null ? 0x5EED : ulong.Parse(text, CultureInfo.InvariantCulture);
        _random = new Prng(Seed);
    }

    public ulong Seed { get; }

    /// <summary>The command that repeats a failure of <paramref name="test"/> with these samples.</summary>
    public string Reproduce(string test) =>
        $"KGDBSIM_SEED={Seed} dotnet test tests/KgdbSim.Target.Tests --filter {test}";

    public byte NextByte() => (byte)_random.NextUInt64();

    public ulong NextWord() => _random.NextBelow(4) switch
    {
        0 => Borders[_random.NextBelow((ulong)Borders.Length)],
        1 => _random.NextUInt64() & _random.NextUInt64() & _random.NextUInt64(),
        _ => _random.NextUInt64(),
    };

    public Vector128<byte> NextVector() => Vector128.Create(NextWord(), NextWord()).AsByte();
}
