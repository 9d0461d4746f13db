using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Binding.Capabilities;
using KgdbSim.Stub.Session;

namespace KgdbSim.Stub.Transport;

/// <summary>Takes what the guest prints.</summary>
/// <param name="text">The bytes; valid during the call.</param>
internal delegate void ConsoleSink(ReadOnlySpan<byte> text);

/// <summary>Runs a machine slice by slice and passes on what the guest prints.</summary>
/// <param name="control">The machine.</param>
/// <param name="console">Where the guest's output goes when no debugger takes it; may be missing.</param>
/// <param name="time">Measures slices.</param>
internal sealed class SliceRunner(MachineControl control, ConsoleSink? console, TimeProvider time)
{
    private readonly SliceBudget _budget = new(time);

    /// <summary>The machine.</summary>
    public MachineControl Control { get; } = control;

    /// <summary>Runs one slice. What the guest printed is passed on before anybody is told of a stop.</summary>
    /// <param name="session">The debugger that shows the guest's output, or null.</param>
    public RunResult Run(GdbSession? session)
    {
        _budget.Begin();
        RunResult result = Control.RunSlice(_budget.Steps);
        if (result.End == RunEnd.BudgetSpent)
        {
            _budget.Spent();
        }

        if (Control.Target.Console is { Pending.IsEmpty: false } guest)
        {
            Print(guest, session);
        }

        return result;
    }

    private void Print(IGuestConsole guest, GdbSession? session)
    {
        if (session is null || !session.TryPrint(guest.Pending))
        {
            console?.Invoke(guest.Pending);
        }

        guest.Discard();
    }
}
