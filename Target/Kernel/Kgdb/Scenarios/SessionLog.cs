using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>The sessions of one run, in the order of the master lock.</summary>
internal sealed class SessionLog
{
    private readonly List<SessionStart> _starts = [];

    public IReadOnlyList<SessionStart> Starts => _starts;

    public int Count => _starts.Count;

    /// <summary>How many there were on a CPU.</summary>
    public int CountOn(int cpu) => _starts.Count(start => start.Cpu == cpu);

    public void Add(KgdbState state) => _starts.Add(new SessionStart(state.Cpu, state.Registers.Ip, state.Vector));
}

/// <summary>How a session began.</summary>
internal readonly record struct SessionStart(int Cpu, ulong Ip, int Vector);

/// <summary>A debugger that follows a script.</summary>
internal sealed class ScriptedSession(SessionLog log, Func<KernelContext, KgdbState, int, ValueTask<KgdbSessionResult>> script) : IKgdbSession
{
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<KgdbSessionResult> Run(KernelContext c, KgdbState state)
    {
        int number = log.Count;
        log.Add(state);
        await c.LocalStep();
        return await script(c, state, number);
    }

    /// <summary>Code that the driver executes when the breakpoints are back in memory.</summary>
    public StageThread? Driver { get; init; }

    public ValueTask AfterActivation(KernelContext c) => Driver?.Run(c) ?? ValueTask.CompletedTask;
}
