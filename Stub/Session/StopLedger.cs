using KgdbSim.Protocol.Replies;
using KgdbSim.Stub.Binding;

namespace KgdbSim.Stub.Session;

/// <summary>
/// The stops that a debugger has not been told of. A stop reply names one thread, but several CPUs may hit something in
/// the same run: each is remembered and reported in turn, when the debugger next lets that CPU go.
/// </summary>
/// <remarks>
/// A stop whose cause is gone by then is dropped, as gdbserver does: the breakpoint was removed, or the debugger moved the
/// CPU elsewhere.
/// </remarks>
internal sealed class StopLedger(IDebugTarget target)
{
    private readonly List<StopEvent> _pending = new(target.CpuCount);

    /// <summary>Whether nothing is left to be reported.</summary>
    public bool IsEmpty => _pending.Count == 0;

    /// <summary>Remembers a stop. A CPU has one: that which says most about why it stands where it stands.</summary>
    public void Add(StopEvent stop)
    {
        int known = _pending.FindIndex(pending => pending.Cpu == stop.Cpu);
        if (known < 0)
        {
            _pending.Add(stop);
        }
        else if (Weight(stop.Kind) > Weight(_pending[known].Kind))
        {
            _pending[known] = stop;
        }
    }

    /// <summary>
    /// Takes the stop to be reported among those of the CPUs that the plan resumes: a finished step first, since gdb waits
    /// for it, else the oldest.
    /// </summary>
    /// <returns>Whether there is one.</returns>
    public bool TryTake(ResumePlan plan, out StopEvent stop)
    {
        int chosen = -1;
        for (int i = 0; i < _pending.Count; i++)
        {
            ResumeAction action = plan[_pending[i].Cpu];
            if (action.Kind == ResumeKind.Stay)
            {
                continue;
            }

            bool finishedStep = action.IsStep && _pending[i].Kind == StopKind.StepDone;
            if (chosen < 0 || finishedStep)
            {
                chosen = i;
            }

            if (finishedStep)
            {
                break;
            }
        }

        stop = chosen < 0 ? default : _pending[chosen];
        if (chosen >= 0)
        {
            _pending.RemoveAt(chosen);
        }

        return chosen >= 0;
    }

    /// <summary>Takes the oldest stop of any CPU.</summary>
    public bool TryTakeOldest(out StopEvent stop)
    {
        stop = IsEmpty ? default : _pending[0];
        if (IsEmpty)
        {
            return false;
        }

        _pending.RemoveAt(0);
        return true;
    }

    /// <summary>Before a run: drops what the plan's CPUs need not be stopped for any more.</summary>
    public void DropStale(ResumePlan plan)
    {
        for (int i = _pending.Count - 1; i >= 0; i--)
        {
            ResumeAction action = plan[_pending[i].Cpu];
            if (action.Kind != ResumeKind.Stay && !StillHolds(_pending[i], action))
            {
                _pending.RemoveAt(i);
            }
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => _pending.Clear();

    private bool StillHolds(StopEvent stop, ResumeAction action) => stop.Kind switch
    {
        StopKind.SoftwareBreakpoint or StopKind.HardwareBreakpoint =>
            target.Breakpoints?.Contains(stop.Kind == StopKind.HardwareBreakpoint, stop.Address) == true
            && InstructionPointer.Of(target, stop.Cpu) == stop.Address,
        StopKind.WriteWatch => target.Watchpoints?.Covers(WatchKind.Write, stop.Address) == true,
        StopKind.ReadWatch => target.Watchpoints?.Covers(WatchKind.Read, stop.Address) == true,
        StopKind.AccessWatch => target.Watchpoints?.Covers(WatchKind.Access, stop.Address) == true,
        StopKind.StepDone => action.IsStep,
        StopKind.Shutdown => true,
        _ => false,
    };

    /// <summary>When one instruction gives several reasons: the data access explains more than the step that made it.</summary>
    private static int Weight(StopKind kind) => kind switch
    {
        StopKind.Shutdown => 4,
        StopKind.WriteWatch or StopKind.ReadWatch or StopKind.AccessWatch => 3,
        StopKind.SoftwareBreakpoint or StopKind.HardwareBreakpoint => 2,
        StopKind.StepDone => 1,
        _ => 0,
    };
}
