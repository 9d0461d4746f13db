using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;

namespace KgdbSim.Target.Kernel.Traps;

/// <summary>A trap whose handler hasn't returned. Each CPU has one for each level they can nest, made once.</summary>
internal sealed class OpenTrap
{
    /// <summary>What notifiers are told.</summary>
    public DieArgs Args { get; } = new();

    /// <summary>Its record.</summary>
    public TrapEvent Event { get; private set; } = null!;

    /// <summary>The debugger has had a session for it, and has seen with its first cause all others that DR6 names.</summary>
    public bool HasHadSession { get; private set; }

    /// <summary>One exception, one stop: several breakpoints hit by one instruction, and a step that ends there, are told together.</summary>
    /// <returns>Whether the session that is about to begin is the first.</returns>
    public bool TryBeginSession()
    {
        bool isFirst = !HasHadSession;
        HasHadSession = true;
        return isFirst;
    }

    /// <summary>Makes it the trap that has just come.</summary>
    public void Begin(TrapEvent record, KernelRegisters registers)
    {
        Event = record;
        Args.Registers = registers;
        Args.Dr6 = 0;
        Args.HasDr6 = false;
        HasHadSession = false;
    }
}

/// <summary>The traps open on one CPU, innermost last.</summary>
internal sealed class OpenTraps
{
    /// <summary>#DB, in it an NMI, in it an int3, and a debugger that traps itself: twice that is plenty.</summary>
    private const int DepthMax = 16;

    private readonly OpenTrap[] _traps = new OpenTrap[DepthMax];
    private int _depth;

    public OpenTraps()
    {
        for (int i = 0; i < DepthMax; i++)
        {
            _traps[i] = new OpenTrap();
        }
    }

    /// <summary>The innermost, or null.</summary>
    public OpenTrap? Innermost => _depth == 0 ? null : _traps[_depth - 1];

    /// <summary>One begins.</summary>
    /// <exception cref="InvalidOperationException">They nest without end: the modelled kernel recurses.</exception>
    public OpenTrap Push(TrapEvent record, KernelRegisters registers)
    {
        if (_depth == DepthMax)
        {
            throw new InvalidOperationException($"{DepthMax} traps are open on one CPU: the modelled kernel recurses without end.");
        }

        OpenTrap trap = _traps[_depth++];
        trap.Begin(record, registers);
        return trap;
    }

    /// <summary>The innermost ends.</summary>
    public void Pop() => _depth--;
}
