using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>Counts of hits by CPU and register, where breakpoints of tasks have no count of their own.</summary>
internal static class TracedHits
{
    public static long[][] None(KernelModel kernel) => [.. kernel.Cpus.Select(static _ => new long[Dr7Encoding.RegisterCount])];

    /// <summary>
    /// One more for each register whose bit is set. After a hit of an execution breakpoint the tracer sets RF, which these kernels don't.
    /// </summary>
    public static void Count(long[] counts, ulong hits, ulong dr7, KernelRegisters registers)
    {
        for (int n = 0; n < counts.Length; n++)
        {
            bool isHit = (hits >> n & 1) != 0;
            counts[n] += isHit ? 1 : 0;
            if (isHit && Dr7Encoding.Decode(dr7, n).TypeCode == ArchBreakpoint.Execute)
            {
                registers.Flags |= KernelRegisters.ResumeFlag;
            }
        }
    }
}
