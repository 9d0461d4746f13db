using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Kgdb;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>
/// Whose breakpoints one CPU's #DB was for, when the processor raised it. A roundup's NMI may come before the handler's first
/// instruction, and the debugger may give the registers to others meanwhile: DR6 names registers, not breakpoints.
/// </summary>
internal sealed class TrappedHits(KgdbHost host, int cpu)
{
    private readonly RegisterHolder?[] _holders = new RegisterHolder?[Dr7Encoding.RegisterCount];

    /// <summary>The trap has just happened: who has which register, and for what.</summary>
    public void Record()
    {
        for (int n = 0; n < _holders.Length; n++)
        {
            _holders[n] = Present(n);
        }
    }

    /// <summary>
    /// The handler begins: each hit moves to the register in which its breakpoint is now, and is dropped if it is in none.
    /// </summary>
    /// <param name="dr6">As the processor left it.</param>
    /// <returns>The same with other bits 0 to 3.</returns>
    public ulong Retarget(ulong dr6)
    {
        ulong moved = dr6 & ~Dr6Bits.Breakpoints;
        for (int n = 0; n < _holders.Length; n++)
        {
            moved |= (dr6 >> n & 1) != 0 && PresentRegister(n) is var present and >= 0 ? 1UL << present : 0;
        }

        return moved;
    }

    /// <summary>The hits that were for breakpoints of the debugger's, there still or not: these of the bits 0 to 3.</summary>
    public ulong OfDebugger(ulong dr6)
    {
        ulong hits = 0;
        for (int n = 0; n < _holders.Length; n++)
        {
            hits |= _holders[n] is { IsDebuggers: true } ? dr6 & (1UL << n) : 0;
        }

        return hits;
    }

    /// <summary>The debugger's breakpoints that were hit and are there, or there again: bit n for entry n of its table.</summary>
    public uint Entries(ulong dr6)
    {
        uint entries = 0;
        for (int n = 0; n < _holders.Length; n++)
        {
            for (int i = 0; i < Dr7Encoding.RegisterCount && (dr6 >> n & 1) != 0 && _holders[n] is { IsDebuggers: true } holder; i++)
            {
                BreakEntry entry = host.Layer.BreakInfo.Entry(i);
                entries |= entry.IsEnabled && entry.Arch == holder.Arch ? 1U << i : 0;
            }
        }

        return entries;
    }

    /// <summary>Where what was in register <paramref name="n"/> is now, or -1. A register that nobody had stays itself.</summary>
    private int PresentRegister(int n)
    {
        if (IsSame(n, Present(n)))
        {
            return n;
        }

        for (int other = 0; other < _holders.Length && _holders[n] is not null; other++)
        {
            if (IsSame(n, Present(other)))
            {
                return other;
            }
        }

        return -1;
    }

    private bool IsSame(int n, RegisterHolder? now)
    {
        bool isSameOwner = ReferenceEquals(now?.Owner, _holders[n]?.Owner) || (now is { IsDebuggers: true } && _holders[n] is { IsDebuggers: true });
        return isSameOwner && now?.Arch == _holders[n]?.Arch;
    }

    private RegisterHolder? Present(int n) => host.Layer.Holder(host.Host.Cpus[cpu], n);
}
