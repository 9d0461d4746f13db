using System.Buffers.Binary;
using KgdbSim.Protocol.TargetDescription;
using KgdbSim.Stub.Binding.Capabilities;
using KgdbSim.Target.Embedding;
using KgdbSim.Target.Kernel.Hosting;
using KgdbSim.Target.Loading;
using KgdbSim.Target.Machine;
using KgdbSim.Target.Memory;
using KgdbSim.Target.Tracing;

namespace KgdbSim.Stub.Binding.Kernel;

/// <summary>
/// A simulated machine under a modelled kernel, seen through that kernel's kgdb: execution breakpoints are int3 bytes in the guest's
/// text, hardware points take a hw_breakpoint slot on every CPU, and the machine stands because all CPUs are in the debugger.
/// </summary>
/// <remarks>
/// A CPU that the debugger does not resume leaves kgdb like the others, which arms its debug registers; only its guest code is held.
/// So nobody else's hit is lost while one CPU is stepped over a breakpoint.
/// </remarks>
internal sealed class KgdbTarget : IOwnedTarget, IRestart
{
    private readonly SimulatorTarget _machine;
    private readonly KgdbPoints _points;
    private readonly CpuOrder[] _orders;
    private readonly List<CpuStop> _stops;
    private readonly List<StopEvent> _unasked;
    private readonly StepRound _round;
    private bool _haltRequested;
    private bool _isUnderWay;
    private TraceRing? _trace;

    private KgdbTarget(SimulatorTarget machine)
    {
        _machine = machine;
        _orders = new CpuOrder[machine.CpuCount];
        _stops = new List<CpuStop>(machine.CpuCount);
        _unasked = new List<StopEvent>(machine.CpuCount);
        _round = new StepRound(machine);
        _points = new KgdbPoints(this);
    }

    /// <summary>Builds a machine of its own, whose options name a kernel.</summary>
    /// <param name="path">By which name debuggers know the image; absolute.</param>
    /// <param name="image">An ELF file.</param>
    /// <param name="options">What the machine is made of.</param>
    /// <exception cref="ElfFormatException">The image cannot be loaded.</exception>
    public static KgdbTarget Create(string path, ReadOnlyMemory<byte> image, SimulationOptions options) =>
        new(SimulatorTarget.Create(path, image, options));

    /// <summary>Stands beside a machine that belongs to somebody else and has a modelled kernel.</summary>
    public static KgdbTarget Over(Simulation simulation) => new(SimulatorTarget.Over(simulation));

    /// <summary>The kernel, and the debugger inside it.</summary>
    public KgdbHost Host => _machine.Simulation.Kernel!.Host;

    /// <inheritdoc/>
    public SimulatedKernel Kernel => _machine.Simulation.Kernel!;

    /// <inheritdoc/>
    public int CpuCount => _machine.CpuCount;

    /// <inheritdoc/>
    public RegisterSet Registers => _machine.Registers;

    /// <inheritdoc/>
    public IBreakpoints Breakpoints => _points;

    /// <inheritdoc/>
    public IWatchpoints Watchpoints => _points;

    /// <inheritdoc/>
    public ISlotOwners SlotOwners => _points;

    /// <inheritdoc/>
    public IGuestImage? Image => _machine.Image;

    /// <inheritdoc/>
    IRestart? IDebugTarget.Restart => ((IDebugTarget)_machine).Restart is null ? null : this;

    /// <inheritdoc/>
    public IMemoryMap MemoryMap => _machine.MemoryMap;

    /// <inheritdoc/>
    public IGuestConsole Console => _machine.Console;

    /// <inheritdoc/>
    public IMachineFacts Facts => _machine.Facts;

    /// <inheritdoc/>
    public CpuActivity ActivityOf(int cpu) => Host.Host.Cpus[cpu].IsUnplugged ? CpuActivity.Unplugged : _machine.ActivityOf(cpu);

    /// <inheritdoc/>
    public int ReadRegister(int cpu, int number, Span<byte> destination)
    {
        int size = _machine.ReadRegister(cpu, number, destination);
        if (number == InstructionPointer.Number && size != 0 && Host.IsBehindInt3(cpu))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(destination, Host.Host.Cpus[cpu].Registers.Ip - 1);
        }

        return size;
    }

    /// <inheritdoc/>
    public RegisterWriteResult WriteRegister(int cpu, int number, ReadOnlySpan<byte> value)
    {
        if (number != InstructionPointer.Number || !Host.IsBehindInt3(cpu))
        {
            return _machine.WriteRegister(cpu, number, value);
        }

        if (value.Length == sizeof(ulong) && BinaryPrimitives.ReadUInt64LittleEndian(value) == Host.Host.Cpus[cpu].Registers.Ip - 1)
        {
            // Where it is shown to be anyway.
            return RegisterWriteResult.Done;
        }

        RegisterWriteResult result = _machine.WriteRegister(cpu, number, value);
        if (result == RegisterWriteResult.Done)
        {
            Host.MoveAway(cpu);
        }

        return result;
    }

    /// <inheritdoc/>
    public int ReadMemory(int cpu, ulong address, Span<byte> destination) => _machine.ReadMemory(cpu, address, destination);

    /// <inheritdoc/>
    public bool WriteMemory(int cpu, ulong address, ReadOnlySpan<byte> source) => _machine.WriteMemory(cpu, address, source);

    /// <inheritdoc/>
    public LinearRegion? FindRegion(int cpu, ulong address) => _machine.FindRegion(cpu, address);

    /// <inheritdoc/>
    public int? ExitCode => _machine.ExitCode;

    /// <inheritdoc/>
    public void RequestHalt() => _haltRequested = true;

    /// <inheritdoc/>
    public RunResult Run(ResumePlan plan, long maxSteps, List<StopEvent> stops)
    {
        RunResult result = RunSlice(plan, maxSteps, stops);
        _isUnderWay = result.End is not (RunEnd.Stopped or RunEnd.Exited);
        return result;
    }

    /// <inheritdoc/>
    void IRestart.Restart()
    {
        ((IDebugTarget)_machine).Restart!.Restart();
        _haltRequested = false;
        _isUnderWay = false;
        _unasked.Clear();
        _round.Clear();
        if (_trace is not null)
        {
            Record(_trace);
        }

        _points.Renew();
    }

    /// <inheritdoc/>
    public void Record(TraceRing ring)
    {
        _trace = ring;
        Host.Trace = new KernelTrace(Host.Host, Host.Traps, ring);
    }

    /// <summary>Frees the machine if it is its own.</summary>
    public void Dispose() => _machine.Dispose();

    /// <summary>
    /// Brings all CPUs into the debugger without letting the guest execute anything: points can only be set from inside. False if no
    /// CPU can enter it.
    /// </summary>
    public bool EnsureStopped() => Host.IsStopped || Host.Enter(0);

    private RunResult RunSlice(ResumePlan plan, long maxSteps, List<StopEvent> stops)
    {
        if (!_isUnderWay && !Host.IsStopped && plan.HasSteps && EnsureStopped() && Host.Stop.Kind != KgdbStopKind.Request)
        {
            // Only a machine in kgdb can be stepped, and somebody was on the way there.
            stops.Add(Event(Host.Stop));
            return new RunResult(RunEnd.Stopped);
        }

        if (_haltRequested)
        {
            _haltRequested = false;
            return Halt(plan, stops);
        }

        ulong end = _machine.StepCount + (ulong)maxSteps;
        if (Host.IsStopped)
        {
            if (SomebodyWaits(plan) && Host.GiveWay())
            {
                stops.Add(Event(Host.Stop));
                return new RunResult(RunEnd.Stopped);
            }

            _round.Begin(plan);
            Host.Resume(_round.Cpu);
            if (!plan.HasSteps)
            {
                // All have left the debugger: whoever was in it for a hit of its own isn't first again, hit after hit.
                _machine.Simulation.Runner.EndTurn();
            }
        }

        while (true)
        {
            RunResult result = RunOnce(plan, (long)(end - Math.Min(end, _machine.StepCount)), stops);
            bool isLate = result.End == RunEnd.Idle || Host.Roundup.StepsLeft == 0;
            if (isLate && Host.Roundup.TryTimeOut())
            {
                continue;
            }

            bool isSkipped = result.End == RunEnd.Idle && SkipHaltedStep(stops);
            if (result.End != RunEnd.Stopped && !isSkipped)
            {
                return result;
            }

            if (!Host.IsStopped || EndsRun(plan, stops))
            {
                TakeFound(stops);
                return new RunResult(RunEnd.Stopped);
            }

            Host.Resume(_round.Cpu);
        }
    }

    private RunResult Halt(ResumePlan plan, List<StopEvent> stops)
    {
        int cpu = plan.CpuToName(this);
        if (!Host.IsStopped)
        {
            Host.Enter(cpu);
        }

        stops.Add(Host is { IsStopped: true, Stop.Kind: not KgdbStopKind.Request }
            ? Event(Host.Stop)
            : new StopEvent(Host.IsStopped ? Host.Stop.Cpu : cpu, StopKind.Interrupted, 0));
        TakeFound(stops);
        return new RunResult(RunEnd.Stopped);
    }

    private RunResult RunOnce(ResumePlan plan, long maxSteps, List<StopEvent> stops)
    {
        for (int cpu = 0; cpu < _orders.Length; cpu++)
        {
            _orders[cpu] = new CpuOrder(_round.DriveOf(cpu, plan[cpu].Kind));
        }

        _stops.Clear();
        maxSteps = Math.Min(maxSteps, Host.Roundup.StepsLeft);
        MachineRunEnd end = maxSteps <= 0
            ? MachineRunEnd.BudgetSpent
            : _machine.Simulation.Runner.Run(_orders, maxSteps, _stops);
        foreach (CpuStop stop in _stops)
        {
            stops.Add(new StopEvent(stop.Cpu, StopKind.Shutdown, stop.Address));
        }

        if (Host.IsStopped)
        {
            stops.Add(Event(Host.Stop));
        }

        return _machine.ResultOf(end);
    }

    /// <summary>Sorts what has stopped; false: everybody goes on, and nothing of it needs to be told yet.</summary>
    private bool EndsRun(ResumePlan plan, List<StopEvent> stops)
    {
        foreach (StopEvent stop in stops)
        {
            if (plan[stop.Cpu].Kind == ResumeKind.Stay)
            {
                // It has its turn in kgdb for a hit it made before: it is told together with the next stop that is asked for.
                _unasked.Add(stop);
            }
            else
            {
                _round.Add(stop, !StaysInRange(plan[stop.Cpu], stop));
            }
        }

        stops.Clear();
        if (_round.Cpu < 0 && _round.Found.Count == 0)
        {
            _round.Begin(plan);
            return false;
        }

        return _round.Cpu < 0;
    }

    /// <summary>What was found is told, and what held CPUs had found before.</summary>
    private void TakeFound(List<StopEvent> stops)
    {
        _round.MoveTo(stops);
        stops.AddRange(_unasked);
        _unasked.Clear();
    }

    /// <summary>
    /// Nobody can run. A halted CPU whose step it is doesn't keep those who have found something, or have a step to make, from it.
    /// </summary>
    /// <param name="stops">Receives what a CPU on its way into kgdb had found.</param>
    /// <returns>Whether it is so; the machine is in kgdb then.</returns>
    private bool SkipHaltedStep(List<StopEvent> stops)
    {
        int halted = _round.Cpu;
        if (halted < 0 || !_round.IsWaitedFor || !Host.Enter(halted))
        {
            return false;
        }

        _round.Skip();
        if (Host.Stop.Kind != KgdbStopKind.Request)
        {
            stops.Add(Event(Host.Stop));
        }

        return true;
    }

    private bool StaysInRange(ResumeAction action, StopEvent stop)
    {
        ulong rip = Host.Host.Cpus[stop.Cpu].Registers.Ip;
        return stop.Kind == StopKind.StepDone && action.Kind == ResumeKind.RangeStep && rip >= action.RangeStart && rip < action.RangeEnd;
    }

    /// <summary>
    /// A CPU that is let go has hit something in the last run, while another was on its way into kgdb: it is told before anything runs.
    /// Else whoever is stepped again and again would always come first.
    /// </summary>
    private bool SomebodyWaits(ResumePlan plan)
    {
        for (int cpu = 0; cpu < plan.CpuCount; cpu++)
        {
            if (plan[cpu].Kind != ResumeKind.Stay && Host.IsWaiting(cpu))
            {
                return true;
            }
        }

        return false;
    }

    private static StopEvent Event(KgdbStop stop) => new(stop.Cpu, stop.Kind switch
    {
        KgdbStopKind.SoftwareBreakpoint => StopKind.SoftwareBreakpoint,
        KgdbStopKind.HardwareBreakpoint => StopKind.HardwareBreakpoint,
        KgdbStopKind.WriteWatch => StopKind.WriteWatch,
        KgdbStopKind.AccessWatch => StopKind.AccessWatch,
        KgdbStopKind.Request => StopKind.Interrupted,
        _ => StopKind.StepDone,
    }, stop.Address);
}
