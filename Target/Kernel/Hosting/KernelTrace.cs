using KgdbSim.Target.Kernel.Traps;
using KgdbSim.Target.Machine;
using KgdbSim.Target.Tracing;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>Records what a hosted kernel does: traps, sessions of its debugger, roundups, changes of DR7.</summary>
internal sealed class KernelTrace : ITrapObserver
{
    private readonly SmpMachine _machine;
    private readonly TraceRing _ring;

    /// <param name="host">Whose CPUs.</param>
    /// <param name="traps">Its trap path, which has no other observer.</param>
    /// <param name="ring">Where events go.</param>
    public KernelTrace(KernelHost host, TrapPath traps, TraceRing ring)
    {
        _machine = host.Machine;
        _ring = ring;
        traps.Observer = this;
        foreach (HostedCpu cpu in host.Cpus)
        {
            int number = cpu.Cpu.Number;
            cpu.DebugRegisters.Dr7Written = value => Add(TraceEventKind.Instant, number, "dr7", "DR7", null, 0, value);
        }
    }

    private ulong Now => _machine.Active is { } cpu ? cpu.Now : _machine.Steps;

    /// <inheritdoc/>
    public void Began(TrapEvent trap) => Add(TraceEventKind.Begin, trap.Cpu, "trap", trap.Kind.Name, null, trap.Ip, 0);

    /// <inheritdoc/>
    public void Ended(TrapEvent trap) =>
        Add(TraceEventKind.End, trap.Cpu, "trap", trap.Kind.Name, trap.Consumer ?? trap.Verdict.Name, 0, trap.Dr6);

    /// <inheritdoc/>
    public void SentNmi(int cpu, ulong mask) => Add(TraceEventKind.Instant, cpu, "roundup", "NMI roundup", null, 0, mask);

    /// <summary>A session begins.</summary>
    public void Opened(KgdbStop stop) => Opened(stop.Cpu, NameOf(stop.Kind), stop.Address);

    /// <summary>A session of a debugger that knows less of why it stopped.</summary>
    public void Opened(int cpu, string reason, ulong address) =>
        Add(TraceEventKind.Begin, cpu, "session", "kgdb", reason, address, 0);

    /// <summary>It ends.</summary>
    public void Closed(int cpu) => Add(TraceEventKind.End, cpu, "session", "kgdb", null, 0, 0);

    private static string NameOf(KgdbStopKind kind) => kind switch
    {
        KgdbStopKind.SoftwareBreakpoint => "software breakpoint",
        KgdbStopKind.HardwareBreakpoint => "hardware breakpoint",
        KgdbStopKind.WriteWatch => "write watchpoint",
        KgdbStopKind.AccessWatch => "access watchpoint",
        KgdbStopKind.StepDone => "step done",
        KgdbStopKind.Request => "request",
        _ => "other",
    };

    private void Add(TraceEventKind kind, int cpu, string category, string name, string? text, ulong address, ulong value) =>
        _ring.Add(new TraceEvent(Now, kind, cpu, category, name, text, address, value));
}
