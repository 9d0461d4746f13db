using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>Where writes of debug registers go besides the model: a simulated processor's own.</summary>
internal interface IDebugRegisterSink
{
    /// <summary>DRn now holds <paramref name="value"/>.</summary>
    void DebugRegisterWritten(int number, ulong value);
}

/// <summary>MOV from a debug register.</summary>
internal readonly struct DebugRegisterRead(DebugRegisterFile file, int number) : IAtomicOperation<ulong>
{
    static StepNature IAtomicOperation<ulong>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context)
    {
    }

    public ulong Execute(StepContext context)
    {
        SharedCell<ulong> cell = file.Cell(number);
        context.World.Touch(cell.Id, AccessKind.Read);
        context.World.Trace?.Note("read", cell, cell.Value);
        return cell.Value;
    }
}

/// <summary>MOV to a debug register: no store buffer, the processor obeys from the next instruction.</summary>
internal readonly struct DebugRegisterWrite(DebugRegisterFile file, int number, ulong value) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context)
    {
    }

    public Nothing Execute(StepContext context)
    {
        file.Set(number, value);
        context.World.Trace?.Note("write", file.Cell(number), file.Value(number));
        return default;
    }
}
