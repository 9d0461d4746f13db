using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.Traps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>
/// Sees to it that a debug exception has one session where that is held in a callback of a breakpoint: there may be a callback for each
/// register that has hit, and the notifier after them.
/// </summary>
internal sealed class TrapSessions : IHitSource
{
    private const long None = -1;

    private TrapPath? _traps;

    /// <summary>For each CPU the number of the trap that has had its session. Belongs to the handler of that CPU's #DB.</summary>
    private readonly long[] _told;

    public TrapSessions(KernelModel kernel)
    {
        _told = new long[kernel.Cpus.Count];
        Array.Fill(_told, None);
    }

    /// <summary>Whose exceptions they are: to be said before the first.</summary>
    public void Attach(TrapPath traps) => _traps = traps;

    /// <summary>To be asked in a callback: the causes of the exception being handled; none if it has had its session.</summary>
    public ulong Causes(KernelCpu cpu) => _traps!.Innermost(cpu) is { } trap && _told[cpu.Number] != trap.Event.Sequence ? trap.Event.Dr6 : 0;

    /// <summary>It has it now.</summary>
    public void Begin(KernelCpu cpu) => _told[cpu.Number] = _traps!.Innermost(cpu)?.Event.Sequence ?? None;

    /// <summary>What the callbacks have dealt with is nobody's any more; anything else was no hit.</summary>
    public ValueTask<uint?> Take(KernelContext c, DieArgs args) =>
        ValueTask.FromResult<uint?>(_traps!.Innermost(c.Home) is { } trap && _told[c.Home.Number] == trap.Event.Sequence ? null : 0);
}
