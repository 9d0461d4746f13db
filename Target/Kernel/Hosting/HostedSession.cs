using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>
/// The command loop of a hosted kgdb: the master waits in it until somebody outside the machine says what to do, does that in
/// its own context, and leaves when it is told to.
/// </summary>
internal sealed class HostedSession(KernelModel kernel, Action<KgdbState> opened, Action closed) : IKgdbSession
{
    private readonly SharedCell<int> _orders = kernel.World.Cell("debugger's orders", 0);
    private Func<KernelContext, ValueTask<Errno>>? _command;
    private KgdbSessionResult? _leave;

    /// <summary>The entry that the session belongs to; null while there is none.</summary>
    public KgdbState? State { get; private set; }

    /// <summary>What the last command answered.</summary>
    public Errno Result { get; private set; }

    /// <summary>The master is to do something; it does when it is next run.</summary>
    public void Order(Func<KernelContext, ValueTask<Errno>> command)
    {
        _command = command;
        _orders.Commit(1);
    }

    /// <summary>The master is to leave.</summary>
    public void Leave(KgdbSessionResult result)
    {
        _leave = result;
        _orders.Commit(1);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<KgdbSessionResult> Run(KernelContext c, KgdbState state)
    {
        State = state;
        opened(state);
        while (true)
        {
            await _orders.WaitUntil(c, static orders => orders != 0);
            _orders.Commit(0);
            if (_leave is { } result)
            {
                _leave = null;
                State = null;
                closed();
                return result;
            }

            Result = await _command!(c);
        }
    }
}
