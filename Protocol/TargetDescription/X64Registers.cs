using System.Collections.Immutable;

namespace KgdbSim.Protocol.TargetDescription;

/// <summary>
/// The x86-64 registers in the features, order, sizes and types that gdb prescribes (GDB manual, "i386 Features"; the
/// files <c>gdb/features/i386/64bit-*.xml</c> of gdb 13).
/// </summary>
public static class X64Registers
{
    /// <summary>Integer registers, RIP, EFLAGS, segment selectors and x87; required.</summary>
    public const string CoreName = "org.gnu.gdb.i386.core";

    /// <summary>
    /// XMM registers and MXCSR, in a feature of their own: inside core, gdb 13 takes them for something unknown and
    /// fails an assertion on <c>finish</c> from a function that returns a floating-point value.
    /// </summary>
    public const string SseName = "org.gnu.gdb.i386.sse";

    /// <summary>The upper halves of the YMM registers.</summary>
    public const string AvxName = "org.gnu.gdb.i386.avx";

    /// <summary><c>orig_rax</c>, by which Linux restarts system calls.</summary>
    public const string LinuxName = "org.gnu.gdb.i386.linux";

    /// <summary>FS and GS base addresses.</summary>
    public const string SegmentsName = "org.gnu.gdb.i386.segments";

    /// <summary>
    /// Builds the register set of a CPU. The system registers come last, so that <c>g</c> can stop before them.
    /// </summary>
    /// <param name="avx">Whether the CPU has AVX.</param>
    /// <param name="linux">Whether there is a Linux process, not a bare machine, behind the stub.</param>
    public static RegisterSet Create(bool avx, bool linux)
    {
        ImmutableArray<RegisterFeature> features =
        [
            X64Core.Feature,
            X64Vector.Sse,
            .. linux ? [Linux] : ImmutableArray<RegisterFeature>.Empty,
            Segments,
            .. avx ? [X64Vector.Avx] : ImmutableArray<RegisterFeature>.Empty,
            X64System.Feature,
        ];
        return new RegisterSet(features);
    }

    private static RegisterFeature Linux { get; } = new(LinuxName, [], [new("orig_rax", 64, "int")]);

    private static RegisterFeature Segments { get; } =
        new(SegmentsName, [], [new("fs_base", 64, "int"), new("gs_base", 64, "int")]);
}
