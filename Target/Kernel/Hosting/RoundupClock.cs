using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Machine;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>
/// Keeps time for kgdb's roundup on a hosted machine. All CPUs that are online come at once, but for one: whose guest code is in a
/// handler of an NMI of its own. That one lets the roundup's NMI in when its handler returns. If it doesn't return, or isn't allowed to
/// run, the master goes on without it, as Linux does after 999 times a millisecond: the CPU keeps the debug registers that it has, and
/// what the debugger changes reaches it when it next enters.
/// </summary>
internal sealed class RoundupClock
{
    /// <summary>The second that a master waits, in steps of the machine: its virtual time has no other unit.</summary>
    public const ulong StepsMax = 1_000_000;

    private readonly KgdbHost _host;
    private readonly SmpMachine _machine;
    private ulong _start;

    public RoundupClock(KgdbHost host, SmpMachine machine)
    {
        _host = host;
        _machine = machine;
        Core.RoundupBegins = () => _start = machine.Active?.Now ?? machine.Steps;
    }

    /// <summary>How long the machine may run before the master's patience is over; the longest there is while no master waits.</summary>
    public long StepsLeft => !Core.IsRoundingUp || Core.RoundupTimedOut.Value ? long.MaxValue
        : (long)(_start + StepsMax - Math.Min(_start + StepsMax, _machine.Steps));

    private KgdbCore Core => _host.Kgdb.Core;

    /// <summary>Nobody can run, or the time is over: the master goes on without those that haven't come.</summary>
    /// <returns>False: no master waits for anybody.</returns>
    public bool TryTimeOut()
    {
        if (!Core.IsRoundingUp || Core.RoundupTimedOut.Value)
        {
            return false;
        }

        Core.RoundupTimedOut.Commit(true);
        _host.Host.IsActive = true;
        return true;
    }

    /// <summary>The session has begun.</summary>
    public void Ended() => Core.RoundupTimedOut.Commit(false);

    /// <summary>A CPU that isn't in the debugger, though the machine stands there: the roundup's NMI waits for it still.</summary>
    public bool IsMissing(int cpu) => _host.IsStopped && _host.Host.Cpus[cpu].IsHeldOff && Core.Cpus[cpu].EnterCount.Value == 0;
}
