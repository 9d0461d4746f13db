using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Traps;

/// <summary>The handlers of one type of NMI (nmi_handle@6.1): all of them are asked, in order of registration.</summary>
internal sealed class NmiHandlers
{
    private readonly List<(string Name, Func<KernelContext, KernelRegisters, ValueTask<bool>> Handler)> _handlers = [];

    /// <summary>Registers in set-up.</summary>
    /// <param name="name">What records call it.</param>
    /// <param name="handler">Whether the NMI was its own.</param>
    public void Add(string name, Func<KernelContext, KernelRegisters, ValueTask<bool>> handler) => _handlers.Add((name, handler));

    /// <summary>How many said the NMI was theirs.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<int> Ask(KernelContext c, OpenTrap trap, KernelRegisters registers)
    {
        int handled = 0;
        foreach ((string name, Func<KernelContext, KernelRegisters, ValueTask<bool>> handler) in _handlers)
        {
            bool taken = await handler(c, registers);
            trap.Event.Looked(name, taken ? NotifyResult.Stop : NotifyResult.Done);
            handled += taken ? 1 : 0;
        }

        return handled;
    }
}
