using KgdbSim.Protocol.TargetDescription;
using KgdbSim.Stub.Binding.Capabilities;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Embedding;
using KgdbSim.Target.Loading;
using KgdbSim.Target.Machine;
using KgdbSim.Target.Memory;

namespace KgdbSim.Stub.Binding;

/// <summary>
/// A simulated machine whose guest owns its traps, seen by a debugger that stands beside it like an in-circuit emulator:
/// points without number that the guest cannot see, and memory without side effects.
/// </summary>
internal sealed unsafe class SimulatorTarget : IOwnedTarget, IGuestImage, IRestart, IGuestConsole, IMachineFacts
{
    private readonly X64RegisterTable _registers = new(X64Registers.Create(avx: false, linux: false));
    private readonly SimulatorPoints _points = new();
    private readonly Func<Simulation>? _powerOn;
    private readonly CpuOrder[] _orders;
    private readonly List<CpuStop> _stops;
    private Simulation _simulation;
    private bool _haltRequested;

    private SimulatorTarget(Simulation simulation, string path, Func<Simulation>? powerOn)
    {
        _simulation = simulation;
        _powerOn = powerOn;
        Path = path;
        _orders = new CpuOrder[simulation.CpuCount];
        _stops = new List<CpuStop>(simulation.CpuCount);
        MemoryMap = new SimulatorMemoryMap(simulation.Machine.Options.Memory);
        _points.MoveTo(simulation.Machine.Points);
    }

    /// <summary>Builds a machine of its own, which can be restarted.</summary>
    /// <param name="path">By which name debuggers know the image; absolute.</param>
    /// <param name="image">An ELF file.</param>
    /// <param name="options">What the machine is made of.</param>
    /// <exception cref="ElfFormatException">The image cannot be loaded.</exception>
    public static SimulatorTarget Create(string path, ReadOnlyMemory<byte> image, SimulationOptions options)
    {
        return new SimulatorTarget(PowerOn(), path, PowerOn);

        Simulation PowerOn()
        {
            Simulation simulation = new(options);
            try
            {
                simulation.Load(image);
                return simulation;
            }
            catch (ElfFormatException)
            {
                simulation.Dispose();
                throw;
            }
        }
    }

    /// <summary>Stands beside a machine that belongs to somebody else, who also decides when it begins anew.</summary>
    public static SimulatorTarget Over(Simulation simulation) => new(simulation, "/kgdbsim/embedded-guest.elf", null);

    /// <inheritdoc/>
    public int CpuCount => _orders.Length;

    /// <inheritdoc/>
    public RegisterSet Registers => _registers.Description;

    /// <inheritdoc/>
    public IBreakpoints Breakpoints => _points;

    /// <inheritdoc/>
    public IWatchpoints Watchpoints => _points;

    /// <inheritdoc/>
    public IGuestImage? Image => _simulation.Image is null ? null : this;

    /// <inheritdoc/>
    IRestart? IDebugTarget.Restart => _powerOn is null ? null : this;

    /// <inheritdoc/>
    public IMemoryMap MemoryMap { get; }

    /// <inheritdoc/>
    public IGuestConsole Console => this;

    /// <inheritdoc/>
    public IMachineFacts Facts => this;

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Bytes => _simulation.Image?.File ?? default;

    /// <inheritdoc/>
    public ulong LoadBias => _simulation.LoadBias;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Pending => Machine.Console.Pending;

    /// <inheritdoc/>
    public ulong Seed => Machine.Options.Seed;

    /// <inheritdoc/>
    public ulong StepCount => Machine.Steps;

    /// <summary>The machine it stands beside; another one after a restart.</summary>
    public Simulation Simulation => _simulation;

    private SmpMachine Machine => _simulation.Machine;

    /// <inheritdoc/>
    public ulong StepCountOf(int cpu) => Machine[cpu].StepCount;

    /// <inheritdoc/>
    public void Discard() => Machine.Console.Discard();

    /// <inheritdoc/>
    public CpuActivity ActivityOf(int cpu) => Machine[cpu].Core.State->Activity switch
    {
        ActivityState.Halted => CpuActivity.Halted,
        ActivityState.WaitForSipi => CpuActivity.WaitingForSipi,
        ActivityState.Shutdown => CpuActivity.Shutdown,
        _ => CpuActivity.Running,
    };

    /// <inheritdoc/>
    public int ReadRegister(int cpu, int number, Span<byte> destination) =>
        X64RegisterReader.Read(Machine[cpu].Core, _registers[number], destination);

    /// <inheritdoc/>
    public RegisterWriteResult WriteRegister(int cpu, int number, ReadOnlySpan<byte> value) =>
        X64RegisterWriter.Write(Machine[cpu].Core, _registers[number], value);

    /// <inheritdoc/>
    public int ReadMemory(int cpu, ulong address, Span<byte> destination) =>
        DebuggerMemory.Read(Machine[cpu].Core, address, destination);

    /// <inheritdoc/>
    public bool WriteMemory(int cpu, ulong address, ReadOnlySpan<byte> source) =>
        DebuggerMemory.Write(Machine[cpu].Core, address, source);

    /// <inheritdoc/>
    public LinearRegion? FindRegion(int cpu, ulong address) => DebuggerRegions.Find(Machine[cpu].Core, address);

    /// <inheritdoc/>
    public RunResult Run(ResumePlan plan, long maxSteps, List<StopEvent> stops)
    {
        if (_haltRequested)
        {
            _haltRequested = false;
            stops.Add(new StopEvent(plan.CpuToName(this), StopKind.Interrupted, 0));
            return new RunResult(RunEnd.Stopped);
        }

        for (int cpu = 0; cpu < _orders.Length; cpu++)
        {
            _orders[cpu] = OrderOf(plan[cpu]);
        }

        _stops.Clear();
        MachineRunEnd end = _simulation.Runner.Run(_orders, maxSteps, _stops);
        foreach (CpuStop stop in _stops)
        {
            stops.Add(new StopEvent(stop.Cpu, KindOf(stop), stop.Address));
        }

        return ResultOf(end);
    }

    /// <summary>A run of the machine that ended so, as sessions know it.</summary>
    public RunResult ResultOf(MachineRunEnd end) => end switch
    {
        MachineRunEnd.BudgetSpent => new RunResult(RunEnd.BudgetSpent),
        MachineRunEnd.Stopped => new RunResult(RunEnd.Stopped),
        MachineRunEnd.Idle => new RunResult(RunEnd.Idle),
        _ => new RunResult(RunEnd.Exited, Machine.ExitCode ?? 0),
    };

    /// <inheritdoc/>
    public int? ExitCode => _simulation.ExitCode;

    /// <inheritdoc/>
    public void RequestHalt() => _haltRequested = true;

    /// <inheritdoc/>
    void IRestart.Restart()
    {
        _simulation.Dispose();
        _simulation = _powerOn!();
        _points.MoveTo(Machine.Points);
        _haltRequested = false;
    }

    /// <summary>Frees the machine if it is its own; else only takes the debugger's points away.</summary>
    public void Dispose()
    {
        _points.Clear();
        if (_powerOn is not null)
        {
            _simulation.Dispose();
        }
    }

    private static CpuOrder OrderOf(ResumeAction action) => action.Kind switch
    {
        ResumeKind.Continue => new CpuOrder(CpuDrive.Continue),
        ResumeKind.Step => new CpuOrder(CpuDrive.Step),
        ResumeKind.RangeStep => new CpuOrder(CpuDrive.StepRange, action.RangeStart, action.RangeEnd),
        _ => new CpuOrder(CpuDrive.Stay),
    };

    private StopKind KindOf(CpuStop stop) => stop.Kind switch
    {
        CpuStopKind.Breakpoint => _points.KindAt(stop.Address),
        CpuStopKind.Watch => SimulatorPoints.KindOf(stop.Watch),
        CpuStopKind.Shutdown => StopKind.Shutdown,
        _ => StopKind.StepDone,
    };
}
