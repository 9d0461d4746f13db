using Iced.Intel;
using KgdbSim.Target.Embedding;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Hosting;
using KgdbSim.Target.Machine;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Kernel.Tests.Hosting;

/// <summary>
/// All CPUs of a machine under a modelled kernel, 6.1 unless said otherwise, run the same endless loop: a store to a variable, then a
/// call of a function.
/// </summary>
internal sealed class ArmedGuest : IDisposable
{
    private readonly CpuOrder[] _orders;
    private readonly List<CpuStop> _stops = [];

    public ArmedGuest(int cpuCount, params string[] defects) : this("6.1", cpuCount, defects)
    {
    }

    /// <summary>The same under another kernel.</summary>
    public ArmedGuest(string kernel, int cpuCount, params string[] defects)
    {
        GuestProgram guest = new();
        Variable = guest.Variable("variable", sizeof(ulong));
        Label function = guest.Code.CreateLabel();
        Label loop = guest.Function("_start");
        guest.Code.mov(__qword_ptr[(long)Variable], rdi);
        guest.Code.nop();
        guest.Code.call(function);
        guest.Code.jmp(loop);
        guest.Code.Label(ref function);
        guest.Code.inc(rbx);
        guest.Code.ret();
        Simulation = new Simulation(new SimulationOptions { CpuCount = cpuCount, StartAll = true, Kernel = kernel, AsPosted = defects });
        Simulation.Load(guest.ToElf("_start"));
        _orders = new CpuOrder[cpuCount];
    }

    public Simulation Simulation { get; }

    public KgdbHost Host => Simulation.Kernel!.Host;

    /// <summary>What every CPU writes; 8 bytes.</summary>
    public ulong Variable { get; }

    /// <summary>The function that every CPU calls: behind MOV (8), NOP (1), CALL (5) and JMP (2).</summary>
    public ulong Function { get; private set; }

    public ulong Rip(int cpu) => Host.Host.Cpus[cpu].Registers.Ip;

    /// <summary>Stops everything before the guest has executed anything, and finds the function.</summary>
    public void Enter()
    {
        Assert.True(Host.Enter(0), "no CPU can enter kgdb");
        Function = Function == 0 ? Rip(0) + 16 : Function;
    }

    /// <summary>Runs until kgdb has stopped the machine.</summary>
    /// <param name="stepping">The CPU that makes one step, or -1.</param>
    public KgdbStop Go(int stepping = -1)
    {
        Host.Resume(stepping);
        return RunOn();
    }

    public KgdbStop RunOn()
    {
        Array.Fill(_orders, new CpuOrder(CpuDrive.Continue));
        MachineRunEnd end = Simulation.Runner.Run(_orders, 1_000_000, _stops);
        Assert.True(end == MachineRunEnd.Stopped && Host.IsStopped, $"no stop, but {end}");
        return Host.Stop;
    }

    /// <summary>Lets it run for a while, in which nothing must stop it.</summary>
    public void RunFreely(long steps)
    {
        Array.Fill(_orders, new CpuOrder(CpuDrive.Continue));
        Assert.Equal(MachineRunEnd.BudgetSpent, Simulation.Runner.Run(_orders, steps, _stops));
        Assert.False(Host.IsStopped, $"stopped: {Host.Stop}");
    }

    /// <summary>What the kernel keeps of breakpoints, and the debug registers: to be compared before and after an error.</summary>
    public string State()
    {
        IEnumerable<string> cpus = Host.Host.Cpus.Select(cpu =>
        {
            DebugRegisterFile file = cpu.Cpu.DebugRegisters;
            string registers = string.Join(' ', new[] { 0, 1, 2, 3, 6, 7 }.Select(n => file.Value(n).ToString("x")));
            string holders = string.Join(',', Host.Perf.Slots.Holders(cpu.Cpu.Number).Select(bp => bp.Name));
            return $"{registers} [{holders}] {Host.Perf.Cpu(cpu.Cpu.Number).Dr7.Value:x}";
        });
        string entries = string.Join(' ', Enumerable.Range(0, 4).Select(i => Host.Kgdb.Hardware!.Entry(i)));
        string software = string.Join(' ', Host.Kgdb.Software.Entries);
        return string.Join('\n', [.. cpus, entries, software]);
    }

    public void Dispose() => Simulation.Dispose();
}
