using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Rcu;
using KgdbSim.Target.Kernel.Traps;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>A kernel with a debugger in it and a few bytes of code and data, for scenarios and tests.</summary>
internal sealed class KgdbStage
{
    private readonly KernelRegisters[] _registers;
    private StageThread? _driver;

    public KgdbStage(World world, KgdbStageOptions options)
    {
        Kernel = new KernelModel(world, new KernelOptions { CpuCount = options.CpuCount, HasIpis = options.HasIpis });
        Kernel.Online.Commit(Kernel.Online.Value & ~options.OfflineCpus);
        _registers = [.. Kernel.Cpus.Select(static _ => new KernelRegisters())];
        Rcu = new Rcu.Rcu(Kernel, RcuModel.Preemptible);
        Perf = options.HasHardwareBreakpoints ? new PerfBreakpoints(Kernel, options.Perf) : null;
        Memory = new StageMemory(world);
        Traps = new TrapPath(Kernel, Rcu, options.Traps with
        {
            HasNmiLines = options.CpuCount > 1, Breakpoints = Perf, RegistersOf = cpu => _registers[cpu.Number],
        });
        if (Perf is not null && options.HasPerfNotifier)
        {
            Traps.DieChain.Add(Perf.Notifier());
        }

        Kgdb = new KgdbModel(Kernel, Rcu, Traps, Memory, Perf, options.Kgdb);
    }

    public KernelModel Kernel { get; }

    public Rcu.Rcu Rcu { get; }

    /// <summary>Null without hardware breakpoints.</summary>
    public PerfBreakpoints? Perf { get; }

    public StageMemory Memory { get; }

    public TrapPath Traps { get; }

    public KgdbModel Kgdb { get; }

    /// <summary>The debugger's hardware breakpoints.</summary>
    public HardwareBreakpoints Hardware => Kgdb.Hardware!;

    /// <summary>The first instruction of #DB's entry code, executed before DR7 is off; null: nobody asks.</summary>
    public ulong? EntryCode { get; set; }

    /// <summary>What sessions there were.</summary>
    public SessionLog Log { get; } = new();

    /// <summary>What runs on a CPU.</summary>
    public KernelRegisters Registers(int cpu) => _registers[cpu];

    /// <summary>The debugger's part is played by <paramref name="script"/>: called with the number of the session, from 0.</summary>
    public void Play(Func<KernelContext, KgdbState, int, ValueTask<KgdbSessionResult>> script) =>
        Kgdb.Session = new ScriptedSession(Log, script) { Driver = _driver };

    /// <summary>Code of the I/O driver, run when the breakpoints are back in memory. To be called before <see cref="Play"/>.</summary>
    public StageThread Driver(StageInstruction instruction)
    {
        Memory.Map(instruction.Address);
        return _driver = new StageThread(this, new KernelRegisters(), instruction);
    }

    /// <summary>Set-up: a software breakpoint that is in memory already, at a mapped address.</summary>
    public void Plant(ulong address)
    {
        SharedCell<byte> cell = Memory.Find(address)!;
        Kgdb.Software.AddActive(address, cell.Value);
        cell.Commit(0xCC);
    }

    /// <summary>Set-up: entry <paramref name="i"/> is a write watch of one byte, armed on all CPUs, its slots not counted.</summary>
    public void Arm(int i, ulong address)
    {
        ArchBreakpoint arch = new(address, ArchBreakpoint.Length1, ArchBreakpoint.Write);
        Hardware.Cell(i).Commit(new BreakEntry(true, arch));
        foreach (KernelCpu cpu in Kernel.Cpus)
        {
            PerfBreakpoint bp = Hardware.Events.Of(i, cpu.Number)!;
            bp.Attributes.Cell.Commit(new BreakpointAttributes(address, 1, BreakpointType.Write));
            bp.Arch.Cell.Commit(arch);
            CpuBreakpoints registers = Perf!.Cpu(cpu.Number);
            registers.Slots[i].Commit(bp);
            registers.Addresses[i].Commit(address);
            registers.Dr7.Commit(registers.Dr7.Value | Dr7Encoding.Encode(i, arch.LengthCode, arch.TypeCode));
            cpu.DebugRegisters.Set(i, address);
            cpu.DebugRegisters.Set(7, registers.Dr7.Value);
        }
    }

    /// <summary>A thread of a CPU, its code mapped: instructions of one byte each.</summary>
    public StageThread Thread(int cpu, params StageInstruction[] code)
    {
        foreach (StageInstruction instruction in code)
        {
            if (Memory.Find(instruction.Address) is null)
            {
                Memory.Map(instruction.Address);
            }
        }

        return new StageThread(this, _registers[cpu], code);
    }
}
