namespace KgdbSim.Target.Memory;

/// <summary>What the simulator knows of one 4 KiB frame of guest memory. Lives in native memory: handlers hold pointers to it.</summary>
internal unsafe struct PhysicalPage
{
    public const int Shift = 12;
    public const int Size = 1 << Shift;
    public const ulong OffsetMask = Size - 1;

    /// <summary>Bytes of guest memory that one bit of <see cref="CodeGranules"/> stands for, as a shift.</summary>
    public const int GranuleShift = 6;

    /// <summary>The contents: null while the page was never written (it reads as zeroes).</summary>
    public byte* Data;

    /// <summary>One bit per 64 bytes that some processor holds decoded instructions of. Stores there take the slow path.</summary>
    public ulong CodeGranules;

    /// <summary>The granules that <paramref name="length"/> bytes from <paramref name="offset"/> touch; both within the page.</summary>
    public static ulong GranuleMask(int offset, int length)
    {
        int first = offset >> GranuleShift;
        int last = (offset + length - 1) >> GranuleShift;
        return (ulong.MaxValue >> (63 - (last - first))) << first;
    }
}
