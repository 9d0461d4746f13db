using System.Numerics;
using System.Runtime.CompilerServices;

namespace KgdbSim.Target.Cpu;

/// <summary>
/// The six status flags as two words, so that an instruction that sets them stores two values and computes none, and one
/// that reads them needs no branch:
/// <list type="bullet">
/// <item><c>result</c>, the sign-extended result: ZF and SF, and PF from its low byte;</item>
/// <item><c>aux</c>: bit 63 = CF, bit 62 = CF xor OF (the carries out of the two top bits), bit 3 = AF,
/// bit 0 is xored into SF, bits 15:8 are xored into the byte that PF is the parity of.</item>
/// </list>
/// The last two exist because POPF and SAHF can set combinations that no result has (SDM vol. 1, 3.4.3.1).
/// Functions here are pure; where the two words live is the caller's affair.
/// </summary>
internal static class LazyFlags
{
    private const ulong AuxKept = 0xC000_0000_0000_0008;

    /// <summary>Sign-extends a result of any width to what <c>result</c> holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Result<T>(T value)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (Unsafe.SizeOf<T>() == 1)
        {
            return (ulong)(sbyte)Unsafe.BitCast<T, byte>(value);
        }

        if (Unsafe.SizeOf<T>() == 2)
        {
            return (ulong)(short)Unsafe.BitCast<T, ushort>(value);
        }

        return Unsafe.SizeOf<T>() == 4
            ? (ulong)(int)Unsafe.BitCast<T, uint>(value)
            : Unsafe.BitCast<T, ulong>(value);
    }

    /// <summary>Makes <c>aux</c> from the vector of carries out of every bit of an addition or subtraction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong AuxFromCarries<T>(T carries)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (Unsafe.SizeOf<T>() == 1)
        {
            ulong c = Unsafe.BitCast<T, byte>(carries);
            return (c << 56) | (c & 8);
        }

        if (Unsafe.SizeOf<T>() == 2)
        {
            ulong c = Unsafe.BitCast<T, ushort>(carries);
            return (c << 48) | (c & 8);
        }

        if (Unsafe.SizeOf<T>() == 4)
        {
            ulong c = Unsafe.BitCast<T, uint>(carries);
            return (c << 32) | (c & 8);
        }

        return Unsafe.BitCast<T, ulong>(carries) & AuxKept;
    }

    /// <summary>Makes <c>aux</c> from CF, OF and AF given as 0 or 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Aux(ulong carry, ulong overflow, ulong adjust) =>
        (carry << 63) | ((carry ^ overflow) << 62) | (adjust << 3);

    /// <summary><paramref name="fresh"/> with its CF replaced by that of <paramref name="before"/>: INC and DEC.</summary>
    /// <remarks>Where CF changes, bit 62 must change with it for OF, their xor, to stay.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong KeepCarry(ulong before, ulong fresh)
    {
        ulong differs = (before ^ fresh) & 0x8000_0000_0000_0000;
        return fresh ^ differs ^ (differs >> 1);
    }

    /// <summary><paramref name="aux"/> with CF and OF replaced (0 or 1): rotates, BT.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong WithCarryOverflow(ulong aux, ulong carry, ulong overflow) =>
        (aux & 0x3FFF_FFFF_FFFF_FFFF) | (carry << 63) | ((carry ^ overflow) << 62);

    /// <summary><paramref name="aux"/> with CF replaced (0 or 1), OF as it was.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong WithCarry(ulong aux, ulong carry) => KeepCarry(carry << 63, aux);

    /// <summary><paramref name="aux"/> with OF replaced (0 or 1), CF as it was.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong WithOverflow(ulong aux, ulong overflow) => WithCarryOverflow(aux, aux >> 63, overflow);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Carry(ulong aux) => (long)aux < 0;

    /// <summary>CF as 0 or 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong CarryBit(ulong aux) => aux >> 63;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Overflow(ulong aux) => (long)(aux ^ (aux << 1)) < 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Zero(ulong result) => result == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Sign(ulong result, ulong aux) => (long)(result ^ (aux << 63)) < 0;

    /// <summary>SF differs from OF: the signed "less than" of a comparison.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Less(ulong result, ulong aux) => (long)(result ^ (aux << 63) ^ aux ^ (aux << 1)) < 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Adjust(ulong aux) => (aux & 8) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Parity(ulong result, ulong aux) =>
        (BitOperations.PopCount((uint)((result ^ (aux >> 8)) & 0xFF)) & 1) == 0;

    /// <summary>The six flags at their RFLAGS positions.</summary>
    public static ulong ToStatus(ulong result, ulong aux) =>
        (aux >> 63)
        | (Parity(result, aux) ? Flags.Pf : 0)
        | (Adjust(aux) ? Flags.Af : 0)
        | (Zero(result) ? Flags.Zf : 0)
        | (Sign(result, aux) ? Flags.Sf : 0)
        | (Overflow(aux) ? Flags.Of : 0);

    /// <summary>The two words for arbitrary flags given at their RFLAGS positions.</summary>
    public static (ulong Result, ulong Aux) FromStatus(ulong status)
    {
        bool zero = (status & Flags.Zf) != 0;
        bool sign = (status & Flags.Sf) != 0;
        bool parity = (status & Flags.Pf) != 0;

        // ZF fixes the result to 0 or not; SF and PF are then put right by their xor bits.
        ulong result = zero ? 0UL : sign ? unchecked((ulong)long.MinValue) : 0x100;
        ulong aux = Aux(status & 1, (status >> 11) & 1, (status >> 4) & 1);
        if (zero && sign)
        {
            aux |= 1;
        }

        if (!parity)
        {
            aux |= 0x100;
        }

        return (result, aux);
    }
}
