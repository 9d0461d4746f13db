using System.Numerics;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>
/// The master's wait for the others: until all that are online have arrived, or somebody's clock says that a second is over
/// (999 times 1 ms).
/// </summary>
internal sealed class RoundupCondition(KgdbCore core, KernelModel kernel)
{
    private readonly Func<bool> _allHere = () => HasArrived(core, kernel) || core.RoundupTimedOut.Value;
    private readonly SharedLocation[] _locations = [core.MastersInKgdb, core.SlavesInKgdb, kernel.Online, core.RoundupTimedOut];

    /// <summary>Waits, as one step.</summary>
    public Step<ConditionWait, Nothing> Wait(KernelContext c) => c.WaitUntil(_allHere, _locations);

    /// <summary>Whether all are there; looking takes no step.</summary>
    public bool IsComplete => HasArrived(core, kernel);

    private static bool HasArrived(KgdbCore core, KernelModel kernel) =>
        core.MastersInKgdb.Value + core.SlavesInKgdb.Value == BitOperations.PopCount(kernel.Online.Value);
}
