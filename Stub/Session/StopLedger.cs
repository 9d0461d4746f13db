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
    private readonly List<Entry> _pending = new(target.CpuCount);

    /// <summary>Whether nothing is left to be reported.</summary>
    public bool IsEmpty => _pending.Count == 0;

    /// <summary>Remembers a stop. A CPU has one: that which says most about why it stands where it stands.</summary>
    public void Add(StopEvent stop)
    {
        Entry entry = new(stop, InstructionPointer.Of(target, stop.Cpu));
        int known = IndexOf(stop.Cpu);
        if (known < 0)
        {
            _pending.Add(entry);
        }
        else if (Weight(stop.Kind) > Weight(_pending[known].Stop.Kind))
        {
            _pending[known] = entry;
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
            ResumeAction action = plan[_pending[i].Stop.Cpu];
            if (action.Kind == ResumeKind.Stay)
            {
                continue;
            }

            bool finishedStep = action.IsStep && _pending[i].Stop.Kind == StopKind.StepDone;
            if (chosen < 0 || finishedStep)
            {
                chosen = i;
            }

            if (finishedStep)
            {
                break;
            }
        }

        stop = chosen < 0 ? default : _pending[chosen].Stop;
        if (chosen >= 0)
        {
            _pending.RemoveAt(chosen);
        }

        return chosen >= 0;
    }

    /// <summary>Takes the oldest stop of any CPU.</summary>
    public bool TryTakeOldest(out StopEvent stop)
    {
        stop = IsEmpty ? default : _pending[0].Stop;
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
            ResumeAction action = plan[_pending[i].Stop.Cpu];
            if (action.Kind != ResumeKind.Stay && !StillHolds(_pending[i], action))
            {
                _pending.RemoveAt(i);
            }
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => _pending.Clear();

    private int IndexOf(int cpu)
    {
        for (int i = 0; i < _pending.Count; i++)
        {
            if (_pending[i].Stop.Cpu == cpu)
            {
                return i;
            }
        }

        return -1;
    }

    private bool StillHolds(Entry entry, ResumeAction action) => entry.Stop.Kind switch
    {
        StopKind.SoftwareBreakpoint or StopKind.HardwareBreakpoint =>
            target.Breakpoints?.Contains(entry.Stop.Kind == StopKind.HardwareBreakpoint, entry.Stop.Address) == true
            && InstructionPointer.Of(target, entry.Stop.Cpu) == entry.Rip,
        StopKind.WriteWatch => target.Watchpoints?.Covers(WatchKind.Write, entry.Stop.Address) == true,
        StopKind.ReadWatch => target.Watchpoints?.Covers(WatchKind.Read, entry.Stop.Address) == true,
        StopKind.AccessWatch => target.Watchpoints?.Covers(WatchKind.Access, entry.Stop.Address) == true,
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

    /// <param name="Stop">What happened.</param>
    /// <param name="Rip">Where the CPU stood then; under a segment base that is not the breakpoint's address.</param>
    private readonly record struct Entry(StopEvent Stop, ulong Rip);
}
