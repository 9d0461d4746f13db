using KgdbSim.Target.Memory;
using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Cpu.Execute;

/// <summary>
/// The line that MONITOR names, watched by its contents: MWAIT's wait is over when they are others than MONITOR saw. A
/// store of what is there already goes unnoticed, which the manual allows for by making software check and loop.
/// </summary>
internal static unsafe class MonitoredLine
{
    /// <summary>Bytes of a line, as CPUID leaf 5 tells.</summary>
    public const int Bytes = 64;

    public static void Arm(CpuCore cpu, ulong physical)
    {
        CpuState* s = cpu.State;
        s->MonitorLine = physical & ~(ulong)(Bytes - 1);
        s->MonitorDigest = Digest(cpu, s->MonitorLine);
        s->Monitor = MonitorState.Armed;
    }

    /// <summary>A line is being monitored and is as MONITOR found it.</summary>
    public static bool Unchanged(CpuCore cpu)
    {
        CpuState* s = cpu.State;
        return s->Monitor != MonitorState.Off && s->MonitorDigest == Digest(cpu, s->MonitorLine);
    }

    private static ulong Digest(CpuCore cpu, ulong line)
    {
        byte* page = cpu.Memory.ReadablePage(line >> PhysicalPage.Shift);
        var hash = new StableHash();
        hash.Add(new ReadOnlySpan<byte>(page + (line & PhysicalPage.OffsetMask), Bytes));
        return hash.Value;
    }
}
