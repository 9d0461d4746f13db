using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Traps;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>What the holder of the master lock does (the middle of kgdb_cpu_enter@6.1).</summary>
internal sealed class KgdbMaster
{
    private readonly KgdbCore _core;
    private readonly KernelModel _kernel;
    private readonly TrapPath _traps;
    private readonly RoundupCondition _roundup;

    /// <summary>kgdb_single_step: the slaves stay parked over a step. Belongs to the holder of the master lock.</summary>
    private bool _isSteppingAlone;

    public KgdbMaster(KgdbCore core, KernelModel kernel, TrapPath traps)
    {
        _core = core;
        _kernel = kernel;
        _traps = traps;
        _roundup = new RoundupCondition(core, kernel);
    }

    /// <summary>The session steps another CPU alone, so this one stays. Belongs to the holder of the master lock.</summary>
    public bool ParksItself { get; set; }

    /// <returns>The entry's result: 0, or 1 if the exception goes on to the kernel.</returns>
    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    public async ValueTask<int> Run(KernelContext c, KgdbCpu cpu, KgdbState state, bool isNested)
    {
        if (!isNested)
        {
            c.Line("if (!kgdb_io_ready(1))");
            if (_core.Session is null)
            {
                return 1;
            }

            c.Line("if (kgdb_skipexception(ks->ex_vector, ks->linux_regs)) goto kgdb_restore;");
            if (await _core.SkipException(c, state))
            {
                return 0;
            }

            await StopOthers(c, cpu);
        }

        KgdbSessionResult result = await CommandLoop(c, cpu, state);
        bool isStep = await _core.Resume.Apply(c, state, result);
        await LetGo(c, cpu, isStep);
        return result.Action == KgdbAction.Left ? result.Value : state.PassException ? 1 : 0;
    }

    /// <summary>The command loop on a CPU that the master has handed over to; it can only hand back.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask RunSwitched(KernelContext c, KgdbState state)
    {
        KgdbSessionResult result = await _core.Session!.Run(c, state);

        // kdb refuses 'go' on any other CPU than the one that came first.
        int next = result.Action == KgdbAction.SwitchCpu ? result.Value : _core.MasterLock.Value - 1;
        await _core.Cpus[next].Roles.Update(c, new OrRoles(ExceptionRoles.NextMaster));
    }

    /// <summary>A step alone has ended without a session: the slaves go. To be called while nobody else can become master.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    public async ValueTask EndStepAlone(KernelContext c)
    {
        if (_isSteppingAlone)
        {
            _isSteppingAlone = false;
            await _core.ReleasedSlave.Write(c, 0);
            await _core.SlaveLock.Write(c, 0);
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask StopOthers(KernelContext c, KgdbCpu cpu)
    {
        if (!_isSteppingAlone)
        {
            c.Line("raw_spin_lock(&dbg_slave_lock);");
            await _core.SlaveLock.Write(c, cpu.Number + 1);
            if (_core.Options.RoundsUp)
            {
                c.Line("kgdb_roundup_cpus();");
                await _traps.SendNmi(c, ~(1UL << cpu.Number));
            }
        }

        if (_core.Options.RoundsUp)
        {
            c.Line("while (--time_left && atomic_read(&masters_in_kgdb) + atomic_read(&slaves_in_kgdb) != online_cpus) udelay(1000);");
            _core.IsRoundingUp = true;
            _core.RoundupBegins?.Invoke();
            await _roundup.Wait(c);
            _core.IsRoundingUp = false;
            if (!_roundup.IsComplete)
            {
                _core.Console.Add("Timed out waiting for secondary CPUs.");
            }
        }

        c.Line("dbg_deactivate_sw_breakpoints();");
        await _core.Software.Deactivate(c);
        if (_isSteppingAlone)
        {
            _isSteppingAlone = false;
            await _core.ReleasedSlave.Write(c, 0);
        }

        await _core.ExceptionLevel.Write(c, 0);
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder<>))]
    private async ValueTask<KgdbSessionResult> CommandLoop(KernelContext c, KgdbCpu cpu, KgdbState state)
    {
        while (true)
        {
            c.Line("error = gdb_serial_stub(ks);");
            KgdbSessionResult result = await _core.Session!.Run(c, state);
            if (result.Action != KgdbAction.SwitchCpu || result.Value == cpu.Number)
            {
                return result;
            }

            c.Line("kgdb_info[dbg_switch_cpu].exception_state |= DCPU_NEXT_MASTER;");
            await _core.Cpus[result.Value].Roles.Update(c, new OrRoles(ExceptionRoles.NextMaster));
            while (await _core.Wait(c, cpu, true) != WaitOutcome.NextMaster)
            {
            }
        }
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask LetGo(KernelContext c, KgdbCpu cpu, bool isStep)
    {
        c.Line("dbg_activate_sw_breakpoints();");
        await _core.Software.Activate(c);
        if (_core.Session is { } session)
        {
            c.Line("dbg_io_ops->post_exception();");
            await session.AfterActivation(c);
        }

        if (isStep && !_core.Options.Has(KgdbDefects.OthersRunWhileStepping))
        {
            await StepAlone(c, cpu);
            return;
        }

        c.Line("raw_spin_unlock(&dbg_slave_lock);");
        await _core.SlaveLock.Write(c, 0);
        if (_core.Options.RoundsUp)
        {
            c.Line("while (atomic_read(&slaves_in_kgdb)) cpu_relax();");
            await _core.SlavesInKgdb.WaitUntil(c, static slaves => slaves == 0);
        }
    }

    /// <summary>Only the CPU that is stepped leaves; kgdb_single_step, which x86 never sets.</summary>
    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask StepAlone(KernelContext c, KgdbCpu cpu)
    {
        _isSteppingAlone = true;
        int stepped = await _core.SteppingCpu.Read(c);
        if (stepped == cpu.Number)
        {
            return;
        }

        await _core.SteppedPid.Write(c, await _core.Cpus[stepped].Pid.Read(c));
        await _core.ReleasedSlave.Write(c, stepped + 1);
        ParksItself = true;
    }
}
