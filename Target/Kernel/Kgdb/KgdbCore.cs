using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Traps;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>
/// The debug core (kernel/debug/debug_core.c@6.1): how CPUs come into the debugger, which of them becomes master, and how they
/// leave. The order of steps is the kernel's.
/// </summary>
internal sealed class KgdbCore
{
    /// <summary>A lock or CPU number that stands for nobody.</summary>
    public const int Nobody = -1;

    private readonly Rcu.Rcu _rcu;
    private readonly KgdbCpu[] _cpus;
    private readonly DebuggerCondition[] _masterConditions;
    private readonly DebuggerCondition[] _slaveConditions;
    private readonly KgdbMaster _master;
    private readonly KgdbReentry _reentry;

    public KgdbCore(KernelModel kernel, Rcu.Rcu rcu, TrapPath traps, KgdbOptions options, SoftwareBreakpoints software, BreakInfo? hardware)
    {
        _rcu = rcu;
        Options = options;
        Software = software;
        Hardware = hardware;
        World world = kernel.World;
        Active = world.Cell("kgdb_active", Nobody);
        MasterLock = world.Cell("dbg_master_lock", 0);
        SlaveLock = world.Cell("dbg_slave_lock", 0);
        MastersInKgdb = world.Cell("masters_in_kgdb", 0);
        SlavesInKgdb = world.Cell("slaves_in_kgdb", 0);
        ExceptionLevel = world.Cell("exception_level", 0);
        SteppingCpu = world.Cell("kgdb_cpu_doing_single_step", Nobody);
        SteppedPid = world.Cell("kgdb_sstep_pid", 0);
        ReleasedSlave = world.Cell("kgdb released slave", 0);
        RoundupTimedOut = world.Cell("roundup timed out", false);
        _cpus = new KgdbCpu[kernel.Cpus.Count];
        _masterConditions = new DebuggerCondition[_cpus.Length];
        _slaveConditions = new DebuggerCondition[_cpus.Length];
        for (int i = 0; i < _cpus.Length; i++)
        {
            _cpus[i] = new KgdbCpu(kernel, i);
            _masterConditions[i] = new DebuggerCondition(this, _cpus[i], true);
            _slaveConditions[i] = new DebuggerCondition(this, _cpus[i], false);
        }

        Resume = new KgdbResume(this);
        _master = new KgdbMaster(this, kernel, traps);
        _reentry = new KgdbReentry(this);
    }

    public KgdbOptions Options { get; }

    public SoftwareBreakpoints Software { get; }

    /// <summary>The x86 back end; null where a scenario has no hardware breakpoints.</summary>
    public BreakInfo? Hardware { get; }

    /// <summary>How commands take effect.</summary>
    public KgdbResume Resume { get; }

    /// <summary>Who plays the debugger: kgdb_io_module_registered. Null: nobody, exceptions are passed on.</summary>
    public IKgdbSession? Session { get; set; }

    /// <summary>Messages of the debugger on the console, oldest first.</summary>
    public List<string> Console { get; } = [];

    /// <summary>kgdb_info[].</summary>
    public IReadOnlyList<KgdbCpu> Cpus => _cpus;

    /// <summary>kgdb_active: the master's number, or <see cref="Nobody"/>.</summary>
    public SharedCell<int> Active { get; }

    /// <summary>dbg_master_lock: 0, or the holder's number plus 1.</summary>
    public SharedCell<int> MasterLock { get; }

    /// <summary>dbg_slave_lock: 0, or the holder's number plus 1. Slaves leave when it is free.</summary>
    public SharedCell<int> SlaveLock { get; }

    public SharedCell<int> MastersInKgdb { get; }

    public SharedCell<int> SlavesInKgdb { get; }

    /// <summary>exception_level: the recursion guard.</summary>
    public SharedCell<int> ExceptionLevel { get; }

    /// <summary>kgdb_cpu_doing_single_step.</summary>
    public SharedCell<int> SteppingCpu { get; }

    /// <summary>kgdb_sstep_pid.</summary>
    public SharedCell<int> SteppedPid { get; }

    /// <summary>0, or the number plus 1 of the one slave that may leave while the others stay parked: it is to be stepped.</summary>
    public SharedCell<int> ReleasedSlave { get; }

    /// <summary>The master waits for the others to arrive: for whoever keeps time, in inline mode.</summary>
    public bool IsRoundingUp { get; set; }

    /// <summary>Told of the beginning of each roundup, or null.</summary>
    public Action? RoundupBegins { get; set; }

    /// <summary>Set by whoever keeps time when a roundup has lasted 999 ms; the master then goes on without the rest.</summary>
    public SharedCell<bool> RoundupTimedOut { get; }

    /// <summary>
    /// A CPU that waits for its session waits for a step under way, too; with <see cref="KgdbDefects.DropsHitOfRemoved"/> it only
    /// gives way a number of times.
    /// </summary>
    public bool WaitsForStep => !Options.Has(KgdbDefects.DropsHitOfRemoved);

    public DebuggerCondition MasterCondition(KgdbCpu cpu) => _masterConditions[cpu.Number];

    public DebuggerCondition SlaveCondition(KgdbCpu cpu) => _slaveConditions[cpu.Number];

    /// <summary>Whether a CPU's wait loop ends now.</summary>
    public bool Holds(KgdbCpu cpu, bool isMaster)
    {
        if ((cpu.Roles.Value & (ExceptionRoles.NextMaster | ExceptionRoles.WantBacktrace)) != 0)
        {
            return true;
        }

        return !isMaster ? SlaveLock.Value == 0 || ReleasedSlave.Value == cpu.Number + 1
            : MasterLock.Value == 0 && (!WaitsForStep || SteppingCpu.Value == Nobody || IsStepped(cpu));
    }

    /// <summary>Whether it is this CPU's turn while a step is under way. All idle tasks have pid 0, so the number counts too.</summary>
    private bool IsStepped(KgdbCpu cpu) =>
        SteppingCpu.Value == cpu.Number || (SteppedPid.Value != 0 && SteppedPid.Value == cpu.Pid.Value);

    /// <summary>kgdb_handle_exception().</summary>
    /// <returns>0: dealt with; 1: the kernel is to handle the exception itself.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<int> HandleException(KernelContext c, int vector, int signal, long errorCode, KernelRegisters registers)
    {
        if (signal != KernelSignal.Trap && Options.RebootsOnPanic)
        {
            return 1;
        }

        KgdbState state = new()
        {
            Vector = vector, Signal = signal, ErrorCode = errorCode, Cpu = c.Home.Number, Registers = registers,
        };
        c.Line("if (kgdb_reenter_check(ks))");
        if (Options.Cures(KgdbCures.ReentryGuard) && await _reentry.Check(c, state))
        {
            return 0;
        }

        c.Line("if (kgdb_info[ks->cpu].enter_kgdb != 0)");
        if (await _cpus[c.Home.Number].EnterCount.Read(c) != 0)
        {
            return 0;
        }

        return await Enter(c, state, ExceptionRoles.WantMaster);
    }

    /// <summary>kgdb_nmicallback(): a roundup's NMI has come.</summary>
    /// <returns>0: this CPU was a slave meanwhile; 1: there was nothing to do.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<int> NmiCallback(KernelContext c, KernelRegisters registers)
    {
        c.Line("kgdb_nmicallback: if (kgdb_info[cpu].enter_kgdb == 0 && raw_spin_is_locked(&dbg_master_lock))");
        if (await _cpus[c.Home.Number].EnterCount.Read(c) != 0)
        {
            return 1;
        }

        // A late NMI of an earlier roundup, on the CPU that is about to give the lock back: it would wait for itself, if it keeps
        // the slaves over a step.
        int holder = await MasterLock.Read(c);
        if (holder == 0 || (holder == c.Home.Number + 1 && !Options.Has(KgdbDefects.OthersRunWhileStepping)))
        {
            return 1;
        }

        KgdbState state = new() { Vector = 0, Signal = 0, ErrorCode = 0, Cpu = c.Home.Number, Registers = registers };
        await Enter(c, state, ExceptionRoles.IsSlave);
        return 0;
    }

    /// <summary>kgdb_skipexception(): an int3 that was removed after this CPU had executed it; it executes the original byte.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<bool> SkipException(KernelContext c, KgdbState state)
    {
        if (state.Vector != 3 || !Options.Cures(KgdbCures.SkipRemoved) || !await Software.IsRemoved(c, state.Registers.Ip - 1))
        {
            return false;
        }

        state.Registers.Ip--;
        return true;
    }

    /// <summary>dbg_remove_all_break(): software first, then hardware.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask RemoveAllBreakpoints(KernelContext c)
    {
        await Software.RemoveAll(c);
        if (Hardware is not null)
        {
            await Hardware.RemoveAll(c);
        }
    }

    /// <summary>The step under way has ended where the debugger has nothing to do; whoever was parked for it goes on.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask AbandonStep(KernelContext c, KernelRegisters registers)
    {
        await _master.EndStepAlone(c);
        await Resume.SetStep(c, registers, false);
    }

    /// <summary>The wait loop: one step, however long.</summary>
    public Step<DebuggerWait, WaitOutcome> Wait(KernelContext c, KgdbCpu cpu, bool isMaster) => new(c, new DebuggerWait(this, cpu, isMaster));

    /// <summary>kgdb_cpu_enter().</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<int> Enter(KernelContext c, KgdbState state, ExceptionRoles role)
    {
        KgdbCpu cpu = _cpus[c.Home.Number];
        bool isMaster = role == ExceptionRoles.WantMaster;
        c.Line("kgdb_info[ks->cpu].enter_kgdb++; kgdb_info[ks->cpu].exception_state |= exception_state;");
        await cpu.EnterCount.FetchAdd(c, 1);
        await cpu.Roles.Update(c, new OrRoles(role));
        c.Line(isMaster ? "atomic_inc(&masters_in_kgdb);" : "atomic_inc(&slaves_in_kgdb);");
        await (isMaster ? MastersInKgdb : SlavesInKgdb).FetchAdd(c, 1);
        if (Hardware is not null && Options.Cures(KgdbCures.DisableOnEntry))
        {
            await Hardware.DisableHere(c);
        }

        for (int tries = Options.StepTries; ; tries--)
        {
            bool irqs = await Begin(c, cpu, state);
            bool isNested = await ExceptionLevel.Read(c) == 1;
            if (!isNested && await WaitForTurn(c, cpu, state, isMaster) == WaitOutcome.Leave)
            {
                await LeaveSlave(c, cpu, irqs);
                return 0;
            }

            if (!isNested && !WaitsForStep && tries > 1 && await MustGiveWay(c, cpu))
            {
                c.Line("atomic_set(&kgdb_active, -1); raw_spin_unlock(&dbg_master_lock); goto acquirelock;");
                await Active.Write(c, Nobody);
                await MasterLock.Write(c, 0);
                await End(c, irqs);
                continue;
            }

            int result = await _master.Run(c, cpu, state, isNested);
            await LeaveOrPark(c, cpu, state, irqs);
            return result;
        }
    }

    /// <summary>acquirelock: up to the wait loop.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<bool> Begin(KernelContext c, KgdbCpu cpu, KgdbState state)
    {
        await _rcu.ReadLock(c);

        // A trap's gate has turned them off already, where there is one.
        bool irqs = c.Control.IrqsEnabled && await c.LocalIrqSave();
        c.Line("kgdb_info[cpu].debuggerinfo = regs; kgdb_info[cpu].task = current;");
        cpu.Task = c.Current;
        await cpu.Pid.Write(c, c.Current?.Pid ?? 0);
        await cpu.Registers.Write(c, state.Registers);
        await c.Fence();
        return irqs;
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<WaitOutcome> WaitForTurn(KernelContext c, KgdbCpu cpu, KgdbState state, bool isMaster)
    {
        while (true)
        {
            c.Line(isMaster ? "if (raw_spin_trylock(&dbg_master_lock))" : "if (!raw_spin_is_locked(&dbg_slave_lock)) goto return_normal;");
            WaitOutcome outcome = await Wait(c, cpu, isMaster);
            switch (outcome)
            {
                case WaitOutcome.Master:
                    c.Line("atomic_xchg(&kgdb_active, cpu);");
                    await Active.Exchange(c, cpu.Number);
                    return outcome;
                case WaitOutcome.Leave:
                    return outcome;
                case WaitOutcome.Backtrace:
                    cpu.BacktraceCount++;
                    break;
                default:
                    await _master.RunSwitched(c, state);
                    break;
            }
        }
    }

    /// <summary>Whether the master lock should rather go to the task that is being stepped.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<bool> MustGiveWay(KernelContext c, KgdbCpu cpu)
    {
        c.Line("if (atomic_read(&kgdb_cpu_doing_single_step) != -1 && kgdb_info[cpu].task->pid != kgdb_sstep_pid && --sstep_tries)");
        return await SteppingCpu.Read(c) != Nobody && cpu.Pid.Value != await SteppedPid.Read(c);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask LeaveSlave(KernelContext c, KgdbCpu cpu, bool irqs)
    {
        if (Hardware is not null)
        {
            await Hardware.CorrectHere(c);
        }

        await Forget(c, cpu);
        c.Line("atomic_dec(&slaves_in_kgdb);");
        await SlavesInKgdb.FetchAdd(c, -1);
        await End(c, irqs);
    }

    /// <summary>The master leaves, unless it is another CPU that is stepped alone: then it waits like the slaves.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask LeaveOrPark(KernelContext c, KgdbCpu cpu, KgdbState state, bool irqs)
    {
        if (!_master.ParksItself)
        {
            await LeaveMaster(c, cpu, irqs);
            return;
        }

        _master.ParksItself = false;
        await cpu.Roles.Update(c, new AndRoles(~ExceptionRoles.WantMaster));
        await cpu.Roles.Update(c, new OrRoles(ExceptionRoles.IsSlave));
        await SlavesInKgdb.FetchAdd(c, 1);
        await MastersInKgdb.FetchAdd(c, -1);
        await Active.Write(c, Nobody);
        await MasterLock.Write(c, 0);
        await WaitForTurn(c, cpu, state, false);
        await LeaveSlave(c, cpu, irqs);
    }

    /// <summary>kgdb_restore: and what follows.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask LeaveMaster(KernelContext c, KgdbCpu cpu, bool irqs)
    {
        c.Line("if (atomic_read(&kgdb_cpu_doing_single_step) != -1) kgdb_sstep_pid = kgdb_info[sstep_cpu].task->pid;");
        int stepping = await SteppingCpu.Read(c);
        if (stepping != Nobody)
        {
            await SteppedPid.Write(c, await _cpus[stepping].Pid.Read(c));
        }

        if (Hardware is not null)
        {
            await Hardware.CorrectHere(c);
        }

        await Forget(c, cpu);
        c.Line("atomic_dec(&masters_in_kgdb); atomic_set(&kgdb_active, -1); raw_spin_unlock(&dbg_master_lock);");
        await MastersInKgdb.FetchAdd(c, -1);
        await Active.Write(c, Nobody);
        await MasterLock.Write(c, 0);
        await End(c, irqs);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private static async ValueTask Forget(KernelContext c, KgdbCpu cpu)
    {
        c.Line("kgdb_info[cpu].debuggerinfo = NULL; kgdb_info[cpu].task = NULL; exception_state &= ~(DCPU_WANT_MASTER | DCPU_IS_SLAVE);");
        await cpu.Registers.Write(c, null);
        cpu.Task = null;
        await cpu.Pid.Write(c, 0);
        await cpu.Roles.Update(c, new AndRoles(~(ExceptionRoles.WantMaster | ExceptionRoles.IsSlave)));
        await cpu.EnterCount.FetchAdd(c, -1);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask End(KernelContext c, bool irqs)
    {
        if (irqs)
        {
            await c.LocalIrqRestore(true);
        }

        await _rcu.ReadUnlock(c);
    }
}
