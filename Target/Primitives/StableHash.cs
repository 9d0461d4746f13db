using System.Runtime.InteropServices;

namespace KgdbSim.Target.Primitives;

/// <summary>
/// A 64-bit hash without a per-process seed, so that two machines agree on it: state hashes and replay tokens are made of
/// it. Not a defence against chosen input.
/// </summary>
/// <remarks>
/// Each 64-bit word is folded in by a multiplication to 128 bits whose halves are xored (the "mum" construction).
/// </remarks>
public struct StableHash
{
    private ulong _state;

    /// <summary>A hash of nothing yet; <paramref name="seed"/> separates domains.</summary>
    public StableHash(ulong seed) => _state = seed ^ 0x9E3779B97F4A7C15;

    /// <summary>Folds one word in.</summary>
    public void Add(ulong value)
    {
        ulong high = Math.BigMul(_state ^ 0xA0761D6478BD642F, value ^ 0xE7037ED1A0B428DB, out ulong low);
        _state = high ^ low ^ 0x8EBC6AF09C88C6E3;
    }

    /// <summary>Folds bytes in, followed by their count, so that "ab","c" and "a","bc" differ.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> rest = bytes;
        while (rest.Length >= sizeof(ulong))
        {
            Add(MemoryMarshal.Read<ulong>(rest));
            rest = rest[sizeof(ulong)..];
        }

        ulong tail = 0;
        for (int i = 0; i < rest.Length; i++)
        {
            tail |= (ulong)rest[i] << (8 * i);
        }

        Add(tail);
        Add((ulong)bytes.Length);
    }

    /// <summary>The hash of all that was added so far.</summary>
    public readonly ulong Value => _state;
}
