using KgdbSim.Target.Kernel.Hosting;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Lockdep;
using KgdbSim.Target.Kernel.Traps;

namespace KgdbSim.Target.Embedding;

/// <summary>
/// The modelled kernel of a <see cref="Simulation"/> whose <see cref="SimulationOptions.Kernel"/> names one: who has which debug
/// register, what happened to each trap, and what an administrator can do. To be used between runs.
/// </summary>
/// <example>
/// <code>
/// using var simulation = new Simulation(new SimulationOptions { Kernel = "6.1" });
/// simulation.Load(elf);
/// SimulatedKernel kernel = simulation.Kernel!;
/// kernel.AddPerfBreakpoint("writes", 0x200000, 8, KernelBreakpointKind.Write);
/// simulation.Run(100_000);
/// long hits = kernel.PerfBreakpoints[0].HitCount;
/// </code>
/// </example>
public sealed class SimulatedKernel
{
    internal SimulatedKernel(KgdbHost host) => Host = host;

    /// <summary>The kernel itself.</summary>
    internal KgdbHost Host { get; }

    /// <summary>Which one: "6.1", "2.6.33"...</summary>
    public string Version => Host.Version.Name;

    /// <summary>All CPUs are in kgdb.</summary>
    public bool IsStopped => Host.IsStopped;

    /// <summary>The CPUs of cpu_online_mask, in order.</summary>
    public IReadOnlyList<int> OnlineCpus
    {
        get
        {
            ulong online = Host.Host.OnlineMask();
            return [.. Enumerable.Range(0, Host.Host.Cpus.Count).Where(cpu => (online >> cpu & 1) != 0)];
        }
    }

    /// <summary>The traps still remembered, oldest first.</summary>
    public IReadOnlyList<KernelTrap> Events => Latest(int.MaxValue);

    /// <summary>Breakpoints of perf users, oldest first.</summary>
    public IReadOnlyList<KernelBreakpoint> PerfBreakpoints => [.. Host.Users.Perf.All.Select(KernelView.Breakpoint)];

    /// <summary>Breakpoints of the kernel itself, without kgdb's, oldest first.</summary>
    public IReadOnlyList<KernelBreakpoint> KernelBreakpoints => [.. Host.Users.Kernel.All.Select(user => KernelView.Breakpoint(user, OnlineCpus))];

    /// <summary>What the kernel has warned of (WARN_ON and the like), oldest first. A kernel without defects has nothing here.</summary>
    public IReadOnlyList<string> Warnings => [.. Host.Host.World.Violations.Select(static violation => $"{violation.Property}: {violation.Message}")];

    /// <summary>
    /// What lockdep knows, as /proc/lockdep, the list of held locks and its report tell it; null unless
    /// <see cref="SimulationOptions.Lockdep"/> is set.
    /// </summary>
    public string? Lockdep => Host.Host.Kernel.Lockdep?.State is not { } state ? null
        : LockdepDump.Classes(state) + LockdepDump.HeldLocks(state) + state.Report?.Text;

    /// <summary>The debug registers of a CPU: in hardware, as the kernel wants them, and as they will be when it leaves kgdb.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such CPU.</exception>
    public KernelDebugRegisters DebugRegisters(int cpu) => KernelView.Registers(Host, Check(cpu));

    /// <summary>
    /// Who was promised a debug register of a CPU, oldest first; four at most. Before 2.6.30 nobody promises any: there it is who believes to
    /// have one, and two may believe to have the same.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such CPU.</exception>
    public IReadOnlyList<KernelSlot> Slots(int cpu)
    {
        Check(cpu);
        return [.. Host.Layer.Holders(cpu).Select(KernelView.Slot)];
    }

    /// <summary>The last so many traps, oldest first.</summary>
    public IReadOnlyList<KernelTrap> Latest(int countMax)
    {
        TrapEvents events = Host.Traps.Events;
        List<KernelTrap> traps = [];
        for (int age = Math.Min(events.Remembered, countMax) - 1; age >= 0; age--)
        {
            traps.Add(KernelView.Trap(events.Latest(age)));
        }

        return traps;
    }

    /// <summary>
    /// A perf user's breakpoint on every CPU that is online, or on none; hits are counted and nobody is stopped. In the kernel's
    /// copies of the registers at once, in the registers of a CPU in kgdb when it leaves that.
    /// </summary>
    /// <param name="name">What to call it: letters, digits, '_', '-' and '.'.</param>
    /// <param name="address">What to watch.</param>
    /// <param name="length">1, 2, 4 or 8 bytes; 8 for execution.</param>
    /// <param name="kind">For what.</param>
    /// <returns>ENOSPC without a free register, EINVAL, EEXIST for a name in use, EOPNOTSUPP from a kernel before 2.6.33.</returns>
    public KernelResult AddPerfBreakpoint(string name, ulong address, int length, KernelBreakpointKind kind)
    {
        ArgumentNullException.ThrowIfNull(name);
        return KernelView.Of(Host.Users.Perf.Add(name, null, Attributes(address, length, kind)));
    }

    /// <summary>The same on one CPU; also ENODEV if that is not online.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such CPU.</exception>
    public KernelResult AddPerfBreakpoint(string name, int cpu, ulong address, int length, KernelBreakpointKind kind)
    {
        ArgumentNullException.ThrowIfNull(name);
        return KernelView.Of(Host.Users.Perf.Add(name, Check(cpu), Attributes(address, length, kind)));
    }

    /// <summary>As <see cref="AddPerfBreakpoint(string, ulong, int, KernelBreakpointKind)"/>, and each hit is written down.</summary>
    public KernelResult AddPerfSampler(string name, ulong address, int length, KernelBreakpointKind kind)
    {
        ArgumentNullException.ThrowIfNull(name);
        return KernelView.Of(Host.Users.Perf.Add(name, null, Attributes(address, length, kind), samples: true));
    }

    /// <summary>As <see cref="AddPerfBreakpoint(string, int, ulong, int, KernelBreakpointKind)"/>, and each hit is written down.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such CPU.</exception>
    public KernelResult AddPerfSampler(string name, int cpu, ulong address, int length, KernelBreakpointKind kind)
    {
        ArgumentNullException.ThrowIfNull(name);
        return KernelView.Of(Host.Users.Perf.Add(name, Check(cpu), Attributes(address, length, kind), samples: true));
    }

    /// <summary>The latest hits that a sampler has written down, oldest first, 256 at most; none for who only counts or isn't there.</summary>
    public IReadOnlyList<KernelSample> PerfSamples(string name) => KernelView.Samples(Host.Users.Perf.Find(name)?.Samples);

    /// <summary>Its owner closes it; ENOENT if there is none of that name.</summary>
    public KernelResult RemovePerfBreakpoint(string name) => KernelView.Of(Host.Users.Perf.Remove(name));

    /// <summary>
    /// A breakpoint of the kernel itself on all CPUs, as 2.6.30's register_kernel_hw_breakpoint() gives them, beside kgdb's; hits are counted
    /// and nobody is stopped. CPUs in kgdb load it when they leave that.
    /// </summary>
    /// <param name="name">What to call it: letters, digits, '_', '-' and '.'.</param>
    /// <param name="address">What to watch.</param>
    /// <param name="length">1, 2, 4 or 8 bytes; 1 for execution.</param>
    /// <param name="kind">For what.</param>
    /// <returns>ENOSPC, EINVAL, EEXIST for a name in use, EOPNOTSUPP from any other kernel.</returns>
    public KernelResult AddKernelBreakpoint(string name, ulong address, int length, KernelBreakpointKind kind)
    {
        ArgumentNullException.ThrowIfNull(name);
        return KernelView.Of(Host.Users.Kernel.Add(name, Attributes(address, length, kind)));
    }

    /// <summary>Its owner gives it up; ENOENT if there is none of that name.</summary>
    public KernelResult RemoveKernelBreakpoint(string name) => KernelView.Of(Host.Users.Kernel.Remove(name));

    /// <summary>A tracer's breakpoint in the task of a CPU, guest/N, through the registers that ptrace shows. A hit is counted.</summary>
    /// <param name="cpu">Whose task.</param>
    /// <param name="register">0 to 3.</param>
    /// <param name="address">What to watch, below the kernel's half of the address space.</param>
    /// <param name="length">1, 2, 4 or 8 bytes; 1 for execution.</param>
    /// <param name="kind">For what.</param>
    /// <returns>EEXIST, ENOSPC, EINVAL, EPERM for a kernel address, ENODEV.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such CPU or register.</exception>
    public KernelResult AddPtraceBreakpoint(int cpu, int register, ulong address, int length, KernelBreakpointKind kind) =>
        KernelView.Of(Host.Users.Tracers.Add(Check(cpu), CheckRegister(register), address, length, (BreakpointType)kind));

    /// <summary>The tracer gives it up; ENOENT if there is none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such CPU or register.</exception>
    public KernelResult RemovePtraceBreakpoint(int cpu, int register) =>
        KernelView.Of(Host.Users.Tracers.Remove(Check(cpu), CheckRegister(register)));

    /// <summary>A virtual machine has the CPU from when it next runs: the host's breakpoints are off there. EBUSY, ENODEV.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such CPU.</exception>
    public KernelResult KvmEnter(int cpu) => KernelView.Of(Host.Users.Machines.Enter(Check(cpu)));

    /// <summary>It has it no more, and the host's breakpoints are armed again; ENOENT if none had.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such CPU.</exception>
    public KernelResult KvmLeave(int cpu) => KernelView.Of(Host.Users.Machines.Leave(Check(cpu)));

    /// <summary>
    /// Takes a CPU out of cpu_online_mask, or puts it back. Its guest code stands meanwhile. EBUSY for the last one, for one that
    /// runs a virtual machine and for one that waits in kgdb with a hit; ENODEV, EEXIST.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such CPU.</exception>
    public KernelResult Hotplug(int cpu, bool online) =>
        KernelView.Of(online ? Host.Users.Hotplug.BringBack(Check(cpu)) : Host.Users.Hotplug.TakeOff(Check(cpu)));

    /// <summary>Whether a virtual machine has the CPU.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such CPU.</exception>
    public bool HasVirtualMachine(int cpu) => Host.Host.Cpus[Check(cpu)].Vm.IsWanted;

    private static BreakpointAttributes Attributes(ulong address, int length, KernelBreakpointKind kind) =>
        new(address, length < 0 ? 0 : (ulong)length, (BreakpointType)kind);

    private static int CheckRegister(int register)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(register);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(register, Dr7Encoding.RegisterCount);
        return register;
    }

    private int Check(int cpu)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cpu);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(cpu, Host.Host.Cpus.Count);
        return cpu;
    }
}
