namespace KgdbSim.Target.Cpu.Execute;

/// <summary>Segment bases, limits and rights of data accesses (SDM vol. 3, 5.3 and 5.5).</summary>
internal static unsafe class Segmentation
{
    /// <summary>
    /// Linear address of an offset in a segment. In 64-bit mode only the bases of FS and GS count; in the other modes
    /// the segment must be usable, of a fitting type, and the whole access inside its limit: else #GP(0), or #SS(0)
    /// through SS.
    /// </summary>
    public static bool Linear(
        CpuCore cpu, SegmentIndex index, ulong offset, int size, bool write, bool mode64, out ulong linear)
    {
        SegmentRegister* segment = CpuState.Segment(cpu.State, index);
        if (mode64)
        {
            linear = index >= SegmentIndex.Fs ? segment->Base + offset : offset;
            return true;
        }

        linear = (uint)(segment->Base + offset);
        if (Accessible(segment, (uint)offset, size, write, cpu.State->ProtectedMode))
        {
            return true;
        }

        cpu.Fault(index == SegmentIndex.Ss ? Vector.StackFault : Vector.GeneralProtection, 0);
        return false;
    }

    private static bool Accessible(SegmentRegister* segment, uint offset, int size, bool write, bool protectedMode)
    {
        if (segment->Unusable)
        {
            return false;
        }

        // Real mode writes to code, and whatever the type was (SDM vol. 3, 21.1.1).
        bool code = (segment->Type & 8) != 0;
        bool readableOrWritable = (segment->Type & 2) != 0;
        if (protectedMode && (write ? code || !readableOrWritable : code && !readableOrWritable))
        {
            return false;
        }

        ulong last = (ulong)offset + (ulong)(size - 1);
        bool expandDown = !code && (segment->Type & 4) != 0;
        return expandDown
            ? offset > segment->Limit && last <= (segment->Big ? 0xFFFF_FFFFUL : 0xFFFFUL)
            : last <= segment->Limit;
    }
}
