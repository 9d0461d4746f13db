using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KgdbSim.Target.Memory;

/// <summary>One entry of the software TLB: a linear page and where its bytes are in the host.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TlbEntry
{
    /// <summary>Linear page address for loads, with <see cref="Tlb.SlowBit"/> or <see cref="Tlb.WatchBit"/>; all ones: none.</summary>
    public ulong ReadTag;

    /// <summary>The same for stores.</summary>
    public ulong WriteTag;

    /// <summary>Host address minus linear address.</summary>
    public ulong Addend;

    /// <summary>Physical page address.</summary>
    public ulong Physical;
}

/// <summary>
/// The direct-mapped software TLB of one processor. It holds only translations that its present mode, privilege and
/// paging structures allow; whoever changes those empties it or has it changed for another.
/// </summary>
internal static unsafe class Tlb
{
    public const int EntryCount = 512;
    public const int EntriesBytes = EntryCount * 32;

    /// <summary>The entries, and behind them one watched span for each: see <see cref="SetSpan"/>.</summary>
    public const int Bytes = EntriesBytes + EntryCount * 4;

    /// <summary>In a tag: every access takes the slow path.</summary>
    public const ulong SlowBit = 1;

    /// <summary>In a tag: accesses that touch the page's watched span take the slow path.</summary>
    public const ulong WatchBit = 2;
    public const ulong None = ulong.MaxValue;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TlbEntry* Entry(TlbEntry* tlb, ulong linear) =>
        (TlbEntry*)((byte*)tlb + ((linear >> (PhysicalPage.Shift - 5)) & ((EntryCount - 1) << 5)));

    /// <summary>
    /// The host address of <paramref name="size"/> bytes for a load, or null when only the slow path can tell: a miss, a
    /// page crossing, a watched page, a device. Adding <c>size - 1</c> before the compare finds the crossings for nothing.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Read(TlbEntry* tlb, ulong linear, int size)
    {
        TlbEntry* entry = Entry(tlb, linear);
        return entry->ReadTag == ((linear + (uint)(size - 1)) & ~PhysicalPage.OffsetMask)
            ? (byte*)(entry->Addend + linear)
            : null;
    }

    /// <inheritdoc cref="Read"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Write(TlbEntry* tlb, ulong linear, int size)
    {
        TlbEntry* entry = Entry(tlb, linear);
        return entry->WriteTag == ((linear + (uint)(size - 1)) & ~PhysicalPage.OffsetMask)
            ? (byte*)(entry->Addend + linear)
            : null;
    }

    /// <summary>The same as <see cref="Read"/>, in a form that the JIT makes one compare and branch of.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(TlbEntry* tlb, ulong linear, int size, out byte* p)
    {
        TlbEntry* entry = Entry(tlb, linear);
        if (entry->ReadTag != ((linear + (uint)(size - 1)) & ~PhysicalPage.OffsetMask))
        {
            p = null;
            return false;
        }

        p = (byte*)(entry->Addend + linear);
        return true;
    }

    /// <inheritdoc cref="TryRead"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWrite(TlbEntry* tlb, ulong linear, int size, out byte* p)
    {
        TlbEntry* entry = Entry(tlb, linear);
        if (entry->WriteTag != ((linear + (uint)(size - 1)) & ~PhysicalPage.OffsetMask))
        {
            p = null;
            return false;
        }

        p = (byte*)(entry->Addend + linear);
        return true;
    }

    /// <summary>As <see cref="Read"/>, where that one gives null, for a page that is slow only because bytes of it are watched: not these.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* ReadNear(TlbEntry* tlb, ulong linear, int size)
    {
        TlbEntry* entry = Entry(tlb, linear);
        return entry->ReadTag == (((linear + (uint)(size - 1)) & ~PhysicalPage.OffsetMask) | WatchBit)
            && MissesSpan(tlb, linear, size)
            ? (byte*)(entry->Addend + linear)
            : null;
    }

    /// <inheritdoc cref="ReadNear"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* WriteNear(TlbEntry* tlb, ulong linear, int size)
    {
        TlbEntry* entry = Entry(tlb, linear);
        return entry->WriteTag == (((linear + (uint)(size - 1)) & ~PhysicalPage.OffsetMask) | WatchBit)
            && MissesSpan(tlb, linear, size)
            ? (byte*)(entry->Addend + linear)
            : null;
    }

    /// <summary>Says which bytes of a page are watched, as the offsets of the first and the last one.</summary>
    public static void SetSpan(TlbEntry* tlb, ulong linear, uint first, uint last) => *Span(tlb, linear) = first | (last << 16);

    public static void Flush(TlbEntry* tlb) => new Span<byte>(tlb, EntriesBytes).Fill(0xFF);

    public static void FlushWrites(TlbEntry* tlb)
    {
        for (int i = 0; i < EntryCount; i++)
        {
            tlb[i].WriteTag = None;
        }
    }

    /// <summary>Copies an entry to its place in another TLB, watched span included.</summary>
    public static void Copy(TlbEntry* from, TlbEntry* to, int index)
    {
        to[index] = from[index];
        ((uint*)((byte*)to + EntriesBytes))[index] = ((uint*)((byte*)from + EntriesBytes))[index];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint* Span(TlbEntry* tlb, ulong linear) =>
        (uint*)((byte*)tlb + EntriesBytes + ((linear >> (PhysicalPage.Shift - 2)) & ((EntryCount - 1) << 2)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool MissesSpan(TlbEntry* tlb, ulong linear, int size)
    {
        uint span = *Span(tlb, linear);
        uint offset = (uint)(linear & PhysicalPage.OffsetMask);
        return offset > span >> 16 || offset + (uint)(size - 1) < (ushort)span;
    }
}
