using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Binding.Capabilities;

namespace KgdbSim.Stub.Session;

/// <summary>
/// Takes CPUs past breakpoints that the debugger need not hear of, one after the other and as gdb itself would: the breakpoint is
/// taken out, the CPU makes one step while all others are held, so that none of them can slip through, and it is put back.
/// </summary>
internal sealed class BreakpointPass(IDebugTarget target)
{
    private readonly Queue<StopEvent> _waiting = new(target.CpuCount);
    private bool _software;
    private bool _hardware;

    /// <summary>What every CPU does meanwhile.</summary>
    public ResumePlan Plan { get; } = new(target.CpuCount);

    /// <summary>The stop that is being passed or was last.</summary>
    public StopEvent Current { get; private set; }

    /// <summary>Whether somebody is on the way past a breakpoint.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>Whether somebody has yet to begin.</summary>
    public bool HasNext => _waiting.Count != 0;

    /// <summary>The CPU of this stop is to pass.</summary>
    public void Add(StopEvent stop) => _waiting.Enqueue(stop);

    /// <summary>Takes the next breakpoint out. False if that cannot be done: it is as it was.</summary>
    public bool TryBegin()
    {
        Current = _waiting.Dequeue();
        IBreakpoints points = target.Breakpoints!;
        _software = points.Contains(hardware: false, Current.Address);
        _hardware = points.Contains(hardware: true, Current.Address);
        if (_software && points.Remove(hardware: false, Current.Address) != PointResult.Done)
        {
            return false;
        }

        if (_hardware && points.Remove(hardware: true, Current.Address) != PointResult.Done)
        {
            if (_software)
            {
                points.Insert(hardware: false, Current.Address);
            }

            return false;
        }

        Plan.SetAll(ResumeAction.Stay);
        Plan[Current.Cpu] = ResumeAction.Step;
        IsUnderWay = true;
        return true;
    }

    /// <summary>Puts the breakpoint back. False if somebody has taken its place meanwhile.</summary>
    public bool TryEnd()
    {
        IsUnderWay = false;
        IBreakpoints points = target.Breakpoints!;
        bool isBack = !_software || points.Insert(hardware: false, Current.Address) == PointResult.Done;
        return (!_hardware || points.Insert(hardware: true, Current.Address) == PointResult.Done) && isBack;
    }

    /// <summary>Nobody else need pass: the machine stands. Whoever still stands at a breakpoint hits it again.</summary>
    public void DropWaiting() => _waiting.Clear();

    /// <summary>All breakpoints are gone, and so is the reason to pass any.</summary>
    public void Forget()
    {
        _waiting.Clear();
        IsUnderWay = false;
    }
}
