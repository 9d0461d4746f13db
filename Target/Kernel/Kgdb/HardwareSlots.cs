using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>A slot on each online CPU, or none (hw_break_reserve_slot, hw_break_release_slot@6.1). Nobody is waited for.</summary>
internal sealed class HardwareSlots(KernelModel kernel, PerfBreakpoints perf, KgdbEvents events, KgdbOptions options)
{
    /// <summary>For each entry, the CPUs whose slot it has, bit n for CPU n. Belongs to the master.</summary>
    private readonly ulong[] _held = new ulong[Dr7Encoding.RegisterCount];

    /// <summary>Whether <see cref="_held"/> decides what to take and what to give back.</summary>
    private readonly bool _remembers = !options.Has(KgdbDefects.PartialRelease);

    /// <summary>The accounting's lock is tried once and held over all CPUs, so what is refused is refused before anything has changed.</summary>
    private readonly bool _locksOnce = !options.Has(KgdbDefects.CountsCpuByCpu);

    /// <summary>The CPUs whose slot an entry has, as far as it knows.</summary>
    public ulong Held(int i) => _held[i];

    /// <returns>
    /// -1 if some CPU has none, or if the accounting is locked by somebody else; nothing is held then, unless somebody has taken the
    /// lock in between, which <see cref="KgdbDefects.CountsCpuByCpu"/> allows.
    /// </returns>
    public ValueTask<Errno> Reserve(KernelContext c, int i) => UnderLock(c, i, true);

    /// <returns>
    /// -1 at the first CPU that refuses: before any, unless <see cref="KgdbDefects.CountsCpuByCpu"/>. A retry gives the first ones back
    /// again then, unless that is mended.
    /// </returns>
    public ValueTask<Errno> Release(KernelContext c, int i) => UnderLock(c, i, false);

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<Errno> UnderLock(KernelContext c, int i, bool reserves)
    {
        if (!options.Form.ReservesSlots)
        {
            return Errno.None;
        }

        if (!_locksOnce)
        {
            return await (reserves ? ReserveAll(c, i) : ReleaseAll(c, i));
        }

        c.Line("if (!bp_slots_trylock()) return -1;");
        if (!await perf.Slots.DbgTryLock(c))
        {
            return Errno.NotPermitted;
        }

        Errno result = await (reserves ? ReserveAll(c, i) : ReleaseAll(c, i));
        await perf.Slots.DbgUnlock(c);
        return result;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<Errno> ReserveAll(KernelContext c, int i)
    {
        ulong online = await kernel.Online.Read(c);
        for (int cpu = 0; cpu < kernel.Cpus.Count; cpu++)
        {
            if (((online >> cpu) & 1) == 0 || (_remembers && IsHeld(i, cpu)) || events.Of(i, cpu) is not { } bp)
            {
                continue;
            }

            c.Line("if (dbg_reserve_bp_slot(*pevent)) goto fail;");
            if (await perf.Slots.DbgReserve(c, bp, _locksOnce) != Errno.None)
            {
                await ReleaseFirst(c, i, online, cpu);
                return Errno.NotPermitted;
            }

            _held[i] |= 1UL << cpu;
        }

        return Errno.None;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<Errno> ReleaseAll(KernelContext c, int i)
    {
        ulong online = await kernel.Online.Read(c);
        for (int cpu = 0; cpu < kernel.Cpus.Count; cpu++)
        {
            if (((online >> cpu) & 1) == 0 || (_remembers && !IsHeld(i, cpu)) || events.Of(i, cpu) is not { } bp)
            {
                continue;
            }

            c.Line("if (dbg_release_bp_slot(*pevent)) return -1;");
            if (await perf.Slots.DbgRelease(c, bp, _locksOnce) != Errno.None)
            {
                return Errno.NotPermitted;
            }

            _held[i] &= ~(1UL << cpu);
        }

        return Errno.None;
    }

    /// <summary>A CPU has come up while entry <paramref name="i"/> is wanted.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask ReserveLate(KernelContext c, int i, bool isEnabled)
    {
        int cpu = c.Home.Number;
        if (!isEnabled || !options.Form.ReservesSlots || IsHeld(i, cpu))
        {
            return;
        }

        if (await perf.Slots.DbgReserve(c, events.Of(i, cpu)!) != Errno.None)
        {
            c.Warn("slot accounting", $"no slot for breakpoint {i} on CPU {cpu}, which has just come up");
            return;
        }

        _held[i] |= 1UL << cpu;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask ReleaseFirst(KernelContext c, int i, ulong online, int count)
    {
        c.Line("fail: dbg_release_bp_slot(*pevent);");
        for (int cpu = 0; cpu < count; cpu++)
        {
            if (((online >> cpu) & 1) != 0 && events.Of(i, cpu) is { } bp && await perf.Slots.DbgRelease(c, bp, _locksOnce) == Errno.None)
            {
                _held[i] &= ~(1UL << cpu);
            }
        }
    }

    private bool IsHeld(int i, int cpu) => ((_held[i] >> cpu) & 1) != 0;
}
