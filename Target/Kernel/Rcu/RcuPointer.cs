using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Rcu;

/// <summary>
/// A pointer that readers of one flavour follow: following it outside such a reader, or freeing what it pointed to after a
/// grace period of another flavour, is the report "suspicious RCU usage".
/// </summary>
/// <typeparam name="T">What it points to.</typeparam>
internal sealed class RcuPointer<T>(KernelModel kernel, Rcu rcu, string name, RcuFlavour flavour, T? initial) where T : KernelObject
{
    private const string Suspicious = "suspicious RCU usage";
    private readonly SharedCell<T?> _cell = kernel.World.Cell(name, initial);

    /// <summary>Which readers follow it.</summary>
    public RcuFlavour Flavour => flavour;

    /// <summary>What memory holds; looking takes no step.</summary>
    public T? Value => _cell.Value;

    /// <summary>rcu_dereference(), rcu_dereference_bh(), rcu_dereference_sched().</summary>
    public Step<CellRead<T?>, T?> Dereference(KernelContext c)
    {
        if (!rcu.IsReader(c, flavour))
        {
            c.Warn(Suspicious, $"{c.Name} follows {_cell.Name} outside a reader of flavour {flavour}");
        }

        return _cell.Read(c);
    }

    /// <summary>rcu_assign_pointer(); yields what it pointed to before.</summary>
    public Step<CellUpdate<T?, Exchange<T?>>, T?> Assign(KernelContext c, T? value) => _cell.Exchange(c, value);

    /// <summary>Waits for a grace period and frees what the pointer no longer points to.</summary>
    /// <param name="c">Who frees; it sleeps.</param>
    /// <param name="old">What <see cref="Assign"/> yielded.</param>
    /// <param name="waitsFor">The grace period; it must be of the readers' flavour unless all flavours coincide.</param>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask Retire(KernelContext c, T old, RcuFlavour waitsFor)
    {
        if (!Covers(waitsFor))
        {
            c.Warn(Suspicious, $"{c.Name} frees {old.Name} after a grace period of flavour {waitsFor}; readers of {_cell.Name} are {flavour}");
        }

        await rcu.Synchronize(c, waitsFor);
        await old.Free(c);
    }

    /// <summary>Classic RCU has one kind of reader but for softirqs, which are preempt-off sections too.</summary>
    private bool Covers(RcuFlavour waitsFor) =>
        waitsFor == flavour || (rcu.Model == RcuModel.Classic && waitsFor != RcuFlavour.Bh && flavour != RcuFlavour.Bh);
}
