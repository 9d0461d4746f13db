using KgdbSim.Protocol.AgentExpressions;
using KgdbSim.Stub.Binding;

namespace KgdbSim.Stub.Session;

/// <summary>
/// What the debugger has said about when a breakpoint matters (GDB manual, packet <c>Z0</c>, cond_list). A breakpoint without
/// conditions always does; one with conditions does if any of them is true or cannot be evaluated.
/// </summary>
internal sealed class BreakpointConditions(IDebugTarget target)
{
    private readonly Dictionary<(bool Hardware, ulong Address), AgentProgram[]> _programs = [];

    /// <summary>Replaces the conditions of a breakpoint; an empty list takes them away.</summary>
    public void Set(bool hardware, ulong address, AgentProgram[] programs)
    {
        if (programs.Length == 0)
        {
            _programs.Remove((hardware, address));
        }
        else
        {
            _programs[(hardware, address)] = programs;
        }
    }

    /// <summary>A breakpoint is gone.</summary>
    public void Remove(bool hardware, ulong address) => _programs.Remove((hardware, address));

    /// <summary>All breakpoints are gone.</summary>
    public void Clear() => _programs.Clear();

    /// <summary>Whether the debugger wants to be told of a stop that has just happened.</summary>
    public bool Wants(StopEvent stop)
    {
        if (_programs.Count == 0 || !stop.IsBreakpoint || target.Breakpoints is not { } points)
        {
            return true;
        }

        bool software = points.Contains(hardware: false, stop.Address);
        bool hardware = points.Contains(hardware: true, stop.Address);
        return !(software || hardware) || (software && IsTrue(false, stop)) || (hardware && IsTrue(true, stop));
    }

    private bool IsTrue(bool hardware, StopEvent stop)
    {
        if (!_programs.TryGetValue((hardware, stop.Address), out AgentProgram[]? programs))
        {
            return true;
        }

        AgentView view = new(target, stop.Cpu);
        foreach (AgentProgram program in programs)
        {
            AgentError error = AgentInterpreter.Evaluate(
                program, ref view, AgentInterpreter.DefaultStepsMax, out ulong value);
            if (error != AgentError.None || value != 0)
            {
                return true;
            }
        }

        return false;
    }
}
