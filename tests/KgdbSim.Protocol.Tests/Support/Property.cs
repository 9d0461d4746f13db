using KgdbSim.Target.Primitives;

namespace KgdbSim.Protocol.Tests.Support;

/// <summary>Runs a check for many seeds; a failure names the seed.</summary>
internal static class Property
{
    /// <summary>Calls <paramref name="check"/> with a generator for each seed from 0.</summary>
    public static void Holds(int seeds, Action<Prng> check)
    {
        for (ulong seed = 0; seed < (ulong)seeds; seed++)
        {
            Exception? failure = Record.Exception(() => check(new Prng(seed)));
            Assert.True(failure is null, $"Reproduce with: check(new Prng({seed})). {failure}");
        }
    }

    /// <summary>Bytes with everything that matters on the wire: runs, special characters, noise.</summary>
    public static byte[] Bytes(ref Prng random, int lengthMax) =>
        Noise(ref random, (int)random.NextBelow((ulong)lengthMax + 1));

    /// <summary>The same, of exactly that length.</summary>
    public static byte[] Noise(ref Prng random, int length)
    {
        var bytes = new List<byte>();
        while (bytes.Count < length)
        {
            byte value = random.NextBelow(3) == 0
                ? "#$}*%+-\x03"u8[(int)random.NextBelow(8)]
                : (byte)random.NextUInt64();
            int count = random.NextBelow(4) == 0 ? 1 + (int)random.NextBelow(250) : 1;
            bytes.AddRange(Enumerable.Repeat(value, Math.Min(count, length - bytes.Count)));
        }

        return [.. bytes];
    }
}
