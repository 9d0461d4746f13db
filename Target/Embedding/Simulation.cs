using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Kernel.Hosting;
using KgdbSim.Target.Kernel.Traps;
using KgdbSim.Target.Loading;
using KgdbSim.Target.Machine;
using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Timeline;

namespace KgdbSim.Target.Embedding;

/// <summary>
/// A simulated multicore x86-64 machine for .NET programs and tests: build it, load a guest, run to a stop, look around.
/// Everything happens on the calling thread; simulations don't know of each other.
/// </summary>
/// <example>
/// <code>
/// using var simulation = new Simulation(new SimulationOptions { CpuCount = 2 });
/// simulation.Load(File.ReadAllBytes("guest.elf"));
/// simulation.AddBreakpoint(0x100040);
/// SimulationStop stop = simulation.Run();
/// </code>
/// </example>
public sealed class Simulation : IDisposable
{
    private readonly List<CpuStop> _stops = [];
    private readonly CpuOrder[] _orders;
    private readonly HostedForm? _form;

    // A CPU that a debugger doesn't resume is held by the machine; parking it in kgdb as well would keep its traps from it.
    private readonly bool _hasLockdep;

    /// <summary>Builds the machine and resets it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="ArgumentException">There is no such processor model.</exception>
    public Simulation(SimulationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Machine = new SmpMachine(new MachineOptions
        {
            CpuCount = options.CpuCount,
            Memory = options.MemoryBytes,
            Seed = options.Seed,
            Boot = options.Boot,
            StartAll = options.StartAll,
            Model = CpuModel.Find(options.Cpu)
                ?? throw new ArgumentException($"no processor model is named '{options.Cpu}'", nameof(options)),
        });
        Runner = new MachineRunner(Machine);
        if (!SimulationOptions.KernelNames.Contains(options.Kernel))
        {
            Machine.Dispose();
            throw new ArgumentException($"no kernel '{options.Kernel}' is modelled", nameof(options));
        }

        HostedForm? form = KernelVersions.Find(options.Kernel) is { } version ? HostedForm.Of(version) : null;
        foreach (string id in options.AsPosted)
        {
            if (NamedDefects.WhyNot(form?.Version, id) is { } reason)
            {
                Machine.Dispose();
                throw new ArgumentException($"{id}: {reason}", nameof(options));
            }

            form = NamedDefects.Enable(form!, id);
        }

        _form = form;
        _hasLockdep = options.Lockdep;
        _orders = new CpuOrder[options.CpuCount];
    }

    internal SmpMachine Machine { get; }

    internal MachineRunner Runner { get; }

    /// <summary>The modelled kernel, once a guest is loaded; null if there is none.</summary>
    public SimulatedKernel? Kernel { get; private set; }

    /// <summary>The image that was loaded last.</summary>
    internal ElfImage? Image { get; private set; }

    /// <summary>How far the image was moved from its link address, in bytes.</summary>
    public ulong LoadBias { get; private set; }

    /// <summary>Processors.</summary>
    public int CpuCount => Machine.CpuCount;

    /// <summary>Virtual time: steps of all processors since the machine was built.</summary>
    public ulong StepCount => Machine.Steps;

    /// <summary>The guest's exit code once it has ended the machine.</summary>
    public int? ExitCode => Machine.ExitCode;

    /// <summary>What the guest has printed since <see cref="TakeConsoleOutput"/> was last called.</summary>
    public ReadOnlySpan<byte> ConsoleOutput => Machine.Console.Pending;

    /// <summary>
    /// A 64-bit hash of the whole machine's state: equal for equal courses, on every machine.
    /// </summary>
    public ulong StateHash => MachineHash.Of(Machine);

    /// <summary>Loads an ELF64 image and puts the processors at its entry, as <see cref="SimulationOptions.Boot"/> says.</summary>
    /// <exception cref="ElfFormatException">It can't be loaded; the message says what and where.</exception>
    public void Load(ReadOnlyMemory<byte> elf)
    {
        ElfImage image = ElfReader.Read(elf);
        LoadBias = BootLoader.Load(Machine, image);
        Image = image;
        if (_form is { } form)
        {
            Kernel = new SimulatedKernel(new KgdbHost(Machine, form, _hasLockdep));
            Runner.Kernel = Kernel.Host.Host;
        }
    }

    /// <summary>A processor's registers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such processor.</exception>
    public CpuView Cpu(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, CpuCount);
        return new CpuView(Machine[number].Core);
    }

    /// <summary>Lets all processors run until one of them stops, or <paramref name="stepCountMax"/> steps are done.</summary>
    public SimulationStop Run(long stepCountMax = long.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stepCountMax, 1);
        Array.Fill(_orders, new CpuOrder(CpuDrive.Continue));
        return Go(stepCountMax);
    }

    /// <summary>Runs one instruction of one processor while the others stand.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such processor.</exception>
    public SimulationStop Step(int cpu)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cpu);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(cpu, CpuCount);
        Array.Fill(_orders, new CpuOrder(CpuDrive.Stay));
        _orders[cpu] = new CpuOrder(CpuDrive.Step);
        return Go(long.MaxValue);
    }

    /// <summary>Stops any processor before it executes the instruction at this linear address.</summary>
    public void AddBreakpoint(ulong address) => Machine.Points.InsertBreakpoint(address);

    /// <summary>Takes a breakpoint away; false if there is none.</summary>
    public bool RemoveBreakpoint(ulong address) => Machine.Points.RemoveBreakpoint(address);

    /// <summary>Stops any processor after an instruction that writes to (or, with <paramref name="reads"/>, also reads) these bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is 0, or the range wraps around.</exception>
    public void AddWatchpoint(ulong address, ulong length, bool reads = false) =>
        Machine.Points.InsertWatch(Range(address, length, reads));

    /// <summary>Takes a watchpoint away; false if there is none.</summary>
    public bool RemoveWatchpoint(ulong address, ulong length, bool reads = false) =>
        Machine.Points.RemoveWatch(Range(address, length, reads));

    /// <summary>
    /// Reads memory at a linear address as the processor sees it, without side effects. Returns how many bytes could be
    /// read before the first that is not mapped to RAM.
    /// </summary>
    public int ReadMemory(int cpu, ulong address, Span<byte> destination) =>
        DebuggerMemory.Read(Machine[cpu].Core, address, destination);

    /// <summary>
    /// Writes memory at a linear address as the processor sees it, whatever its protection: all bytes and true, or, if any
    /// of them is not mapped to RAM, none and false.
    /// </summary>
    public bool WriteMemory(int cpu, ulong address, ReadOnlySpan<byte> source) =>
        DebuggerMemory.Write(Machine[cpu].Core, address, source);

    /// <summary>Takes what the guest has printed.</summary>
    public string TakeConsoleOutput()
    {
        string text = System.Text.Encoding.Latin1.GetString(Machine.Console.Pending);
        Machine.Console.Discard();
        return text;
    }

    /// <summary>Frees the machine's memory.</summary>
    public void Dispose() => Machine.Dispose();

    private static WatchRange Range(ulong address, ulong length, bool reads)
    {
        ArgumentOutOfRangeException.ThrowIfZero(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length - 1, ulong.MaxValue - address, nameof(length));
        return new WatchRange(address, address + length - 1, reads ? WatchKind.Access : WatchKind.Write);
    }

    private SimulationStop Go(long steps)
    {
        if (Kernel is { IsStopped: true })
        {
            Kernel.Host.Resume(-1);
        }

        _stops.Clear();
        switch (Runner.Run(_orders, steps, _stops))
        {
            case MachineRunEnd.BudgetSpent:
                return new SimulationStop(SimulationStopReason.StepLimit, -1, 0, 0);
            case MachineRunEnd.Idle:
                return new SimulationStop(SimulationStopReason.Idle, -1, 0, 0);
            case MachineRunEnd.Exited:
                return new SimulationStop(SimulationStopReason.Exited, -1, 0, Machine.ExitCode ?? 0);
        }

        if (_stops.Count == 0)
        {
            KgdbStop inside = Kernel!.Host.Stop;
            return new SimulationStop(SimulationStopReason.KernelDebugger, inside.Cpu, inside.Address, 0);
        }

        CpuStop stop = _stops[0];
        SimulationStopReason reason = stop.Kind switch
        {
            CpuStopKind.Breakpoint => SimulationStopReason.Breakpoint,
            CpuStopKind.Watch => SimulationStopReason.Watchpoint,
            CpuStopKind.StepDone => SimulationStopReason.StepDone,
            _ => SimulationStopReason.Shutdown,
        };
        return new SimulationStop(reason, stop.Cpu, stop.Address, 0);
    }
}
