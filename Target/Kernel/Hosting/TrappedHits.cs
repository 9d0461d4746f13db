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
    private readonly PerfBreakpoint?[] _holders = new PerfBreakpoint?[Dr7Encoding.RegisterCount];
    private readonly ArchBreakpoint[] _places = new ArchBreakpoint[Dr7Encoding.RegisterCount];

    /// <summary>The trap has just happened: who has which register, and for what.</summary>
    public void Record()
    {
        CpuBreakpoints registers = host.Perf.Cpu(cpu);
        for (int n = 0; n < _holders.Length; n++)
        {
            _holders[n] = registers.Slots[n].Value;
            _places[n] = _holders[n]?.Arch.Value ?? default;
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
            hits |= IsDebuggers(_holders[n]) ? dr6 & (1UL << n) : 0;
        }

        return hits;
    }

    /// <summary>The debugger's breakpoints that were hit and are there, or there again: bit n for entry n of its table.</summary>
    public uint Entries(ulong dr6)
    {
        uint entries = 0;
        for (int n = 0; n < _holders.Length; n++)
        {
            for (int i = 0; i < Dr7Encoding.RegisterCount && (dr6 >> n & 1) != 0 && IsDebuggers(_holders[n]); i++)
            {
                BreakEntry entry = host.Kgdb.Hardware!.Entry(i);
                entries |= entry.IsEnabled && entry.Arch == _places[n] ? 1U << i : 0;
            }
        }

        return entries;
    }

    /// <summary>Where what was in register <paramref name="n"/> is now, or -1. A register that nobody had stays itself.</summary>
    private int PresentRegister(int n)
    {
        CpuBreakpoints registers = host.Perf.Cpu(cpu);
        if (IsSame(n, registers.Slots[n].Value))
        {
            return n;
        }

        return _holders[n] is null ? -1 : Array.FindIndex(registers.Slots, slot => IsSame(n, slot.Value));
    }

    private bool IsSame(int n, PerfBreakpoint? now)
    {
        bool isSameOwner = ReferenceEquals(now, _holders[n]) || (IsDebuggers(now) && IsDebuggers(_holders[n]));
        return isSameOwner && (now is null || now.Arch.Value == _places[n]);
    }

    private bool IsDebuggers(PerfBreakpoint? bp)
    {
        bool isDebuggers = false;
        for (int i = 0; i < Dr7Encoding.RegisterCount && bp is not null; i++)
        {
            isDebuggers |= ReferenceEquals(host.Kgdb.Hardware!.Events.Of(i, cpu), bp);
        }

        return isDebuggers;
    }
}
