using KgdbSim.Stub.Binding;

namespace KgdbSim.Stub.Session;

/// <summary>
/// Runs a machine by a plan and keeps from the debugger the breakpoints whose conditions are false: the CPU is taken past them, and
/// the plan goes on.
/// </summary>
internal sealed class ConditionalRun(IDebugTarget target)
{
    private readonly BreakpointPass _pass = new(target);

    /// <summary>Which breakpoints matter when.</summary>
    public BreakpointConditions Conditions { get; } = new(target);

    /// <summary>Runs one slice, as <see cref="IDebugTarget.Run"/> does.</summary>
    /// <returns>
    /// With <see cref="RunEnd.Resumed"/>, <paramref name="stops"/> are of CPUs that the plan holds: they can wait.
    /// </returns>
    public RunResult Run(ResumePlan plan, long maxSteps, List<StopEvent> stops)
    {
        if (!_pass.IsUnderWay && _pass.HasNext && !_pass.TryBegin())
        {
            // The debugger evaluates conditions itself as well, and can tell what to do better than nobody.
            _pass.DropWaiting();
            stops.Add(_pass.Current);
            return new RunResult(RunEnd.Stopped);
        }

        bool isPass = _pass.IsUnderWay;
        RunResult result = target.Run(isPass ? _pass.Plan : plan, maxSteps, stops);
        switch (result.End)
        {
            case RunEnd.Stopped:
                return Sort(plan, isPass, stops) ? result : new RunResult(RunEnd.Resumed);
            case RunEnd.Idle when isPass:
                EndPass(stops);
                return new RunResult(stops.Count == 0 ? RunEnd.Resumed : RunEnd.Stopped);
            case RunEnd.Exited:
                _pass.Forget();
                return result;
            default:
                return result;
        }
    }

    /// <summary>The debugger has no breakpoints any more.</summary>
    public void Forget()
    {
        Conditions.Clear();
        _pass.Forget();
    }

    /// <summary>The machine is at reset, with the breakpoints it had.</summary>
    public void Restart() => _pass.Forget();

    /// <summary>Leaves the stops that are to be told. False if none of them is worth standing still for.</summary>
    private bool Sort(ResumePlan plan, bool isPass, List<StopEvent> stops)
    {
        if (isPass)
        {
            DropPassed(plan, stops);
            EndPass(stops);
        }

        bool isDropped = isPass;
        bool stands = false;
        for (int i = 0; i < stops.Count; i++)
        {
            StopEvent stop = stops[i];
            ResumeAction action = plan[stop.Cpu];
            bool isHeld = action.Kind == ResumeKind.Stay;

            // A step that ends at a hardware breakpoint is told as a hit of it, and must not be lost.
            if ((action.IsStep && stop.Kind == StopKind.HardwareBreakpoint) || Conditions.Wants(stop))
            {
                stands |= !isHeld;
                continue;
            }

            isDropped = true;
            stops.RemoveAt(i--);
            if (!isHeld)
            {
                _pass.Add(stop);
            }
        }

        stands |= !isDropped;
        if (stands)
        {
            _pass.DropWaiting();
        }

        return stands;
    }

    private void DropPassed(ResumePlan plan, List<StopEvent> stops)
    {
        for (int i = stops.Count - 1; i >= 0; i--)
        {
            if (IsPassed(stops[i], plan))
            {
                stops.RemoveAt(i);
            }
        }
    }

    /// <summary>The step past the breakpoint, unless the debugger has asked for it itself.</summary>
    private bool IsPassed(StopEvent stop, ResumePlan plan)
    {
        if (stop.Kind != StopKind.StepDone || stop.Cpu != _pass.Current.Cpu)
        {
            return false;
        }

        ResumeAction action = plan[stop.Cpu];
        ulong rip = InstructionPointer.Of(target, stop.Cpu);
        return action.Kind == ResumeKind.Continue
            || (action.Kind == ResumeKind.RangeStep && rip >= action.RangeStart && rip < action.RangeEnd);
    }

    private void EndPass(List<StopEvent> stops)
    {
        if (!_pass.TryEnd() && stops.Count == 0)
        {
            // Running on without it, the debugger would wait for it in vain.
            stops.Add(new StopEvent(_pass.Current.Cpu, StopKind.StepDone, 0));
        }
    }
}
