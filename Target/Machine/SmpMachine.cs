using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Devices;
using KgdbSim.Target.Interrupts;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Machine;

/// <summary>
/// The parts of a machine, put together: processors with their local APICs, memory, ports, devices, and the debugger's
/// points. Who runs when is decided above it.
/// </summary>
internal sealed class SmpMachine : IDeviceMemory, IInterruptFabric, IDisposable
{
    private readonly Vcpu[] _cpus;
    private readonly LocalApic[] _apics;
    private readonly PortSpace _ports = new();

    public SmpMachine(MachineOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CpuCount, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.CpuCount, MachineOptions.CpuCountMax, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Memory, MachineOptions.MemoryMin, nameof(options));
        Options = options;
        Memory = new PhysicalMemory(options.Memory);
        AddDevices();
        var instructions = new InstructionTable();
        CpuModel model = options.Model with { ProcessorCount = options.CpuCount };
        _cpus = new Vcpu[options.CpuCount];
        _apics = new LocalApic[options.CpuCount];
        for (int i = 0; i < _cpus.Length; i++)
        {
            var core = new CpuCore(i, Memory, _ports, this, model, instructions);
            core.Debug.Attach(Points);
            _apics[i] = new LocalApic(core, this);
            _cpus[i] = new Vcpu(core, _apics[i]);
        }
    }

    public MachineOptions Options { get; }

    public PhysicalMemory Memory { get; }

    /// <summary>Breakpoints and watches of a debugger beside the machine.</summary>
    public DebuggerPoints Points { get; } = new();

    public ConsoleBuffer Console { get; } = new();

    public int CpuCount => _cpus.Length;

    public Vcpu this[int cpu] => _cpus[cpu];

    /// <summary>The global step count: virtual time.</summary>
    public ulong Steps { get; set; }

    /// <summary>Set once the guest has ended the machine.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>The processor whose turn it is.</summary>
    public Vcpu? Active { get; set; }

    IReadOnlyList<LocalApic> IInterruptFabric.Apics => _apics;

    /// <summary>Messages arrive at once; the receiver looks at them when its turn comes.</summary>
    void IInterruptFabric.Send(in IpiMessage message, LocalApic destination) => destination.Accept(message);

    bool IDeviceMemory.Claims(CpuCore cpu, ulong physical) => _apics[cpu.Id]?.Claims(physical) ?? false;

    ulong IDeviceMemory.Read(CpuCore cpu, ulong physical, int size)
    {
        LocalApic apic = _apics[cpu.Id];
        ulong all = size == 8 ? ulong.MaxValue : (1UL << (8 * size)) - 1;
        return (apic.Claims(physical) ? apic.Read(physical) : ulong.MaxValue) & all;
    }

    void IDeviceMemory.Write(CpuCore cpu, ulong physical, int size, ulong value)
    {
        LocalApic apic = _apics[cpu.Id];
        if (apic.Claims(physical))
        {
            apic.Write(physical, (uint)value);
        }
    }

    public void Dispose()
    {
        foreach (Vcpu cpu in _cpus)
        {
            cpu.Dispose();
        }

        Memory.Dispose();
    }

    private void AddDevices()
    {
        _ports.Add(DebugConsole.Port, 1, new DebugConsole(Console));
        _ports.Add(Uart16550.FirstPort, Uart16550.PortCount, new Uart16550(Console));
        _ports.Add(ExitPort.FirstPort, ExitPort.PortCount, new ExitPort(Exit));
        _ports.Add(ShutdownPort.Port, 1, new ShutdownPort(Exit));
    }

    private void Exit(int code)
    {
        ExitCode ??= code;
        if (Active != null)
        {
            Active.StopRequested = true;
        }
    }
}
