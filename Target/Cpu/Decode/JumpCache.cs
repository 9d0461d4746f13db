using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KgdbSim.Target.Cpu.Decode;

/// <summary>A place that was jumped to and the block found there.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct JumpEntry
{
    public ulong Rip;
    public DecodedOp* First;
}

/// <summary>
/// Direct-mapped memory of recent jump targets, so that a return or an indirect jump finds its block with one compare.
/// Emptied when translation or mode changes; entries of dropped blocks need no care, since a dropped block's first
/// instruction leads back to the full lookup.
/// </summary>
internal static unsafe class JumpCache
{
    private const int EntryCount = 1024;
    public const int Bytes = EntryCount * 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static JumpEntry* Entry(CpuState* s, ulong rip) =>
        CpuCore.JumpsOf(s) + ((rip ^ (rip >> 10)) & (EntryCount - 1));

    /// <summary>The block at <paramref name="rip"/>, or null if it isn't remembered.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DecodedOp* Find(CpuState* s, ulong rip)
    {
        JumpEntry* entry = Entry(s, rip);
        return entry->Rip == rip ? entry->First : null;
    }

    public static void Remember(CpuState* s, ulong rip, DecodedOp* first)
    {
        JumpEntry* entry = Entry(s, rip);
        entry->Rip = rip;
        entry->First = first;
    }

    public static void Flush(CpuState* s)
    {
        // An empty entry must match no address, 0 included: entry 0 gets a RIP that maps elsewhere.
        new Span<byte>(CpuCore.JumpsOf(s), Bytes).Clear();
        CpuCore.JumpsOf(s)->Rip = 1;
    }
}
