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
/// Filled and emptied by <see cref="JumpSets"/>.
/// </summary>
internal static unsafe class JumpCache
{
    public const int EntryCount = 1024;
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

    /// <summary>Number of the entry that an address has.</summary>
    public static int Index(ulong rip) => (int)(rip ^ (rip >> 10)) & (EntryCount - 1);

    /// <summary>Makes a cleared cache match no address, 0 included: entry 0 gets a RIP that maps elsewhere.</summary>
    public static void MarkEmpty(JumpEntry* entries) => entries->Rip = 1;
}
