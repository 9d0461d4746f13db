using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Machine;

namespace KgdbSim.Target.Scheduling;

/// <summary>
/// Gives processors their turns: round robin over those that can run, each turn's length drawn from the seed. The course
/// depends on the seed and on who may run, not on how a run is cut into slices or steps.
/// </summary>
internal sealed unsafe class MachineRunner
{
    /// <summary>Shortest and longest turn in instructions.</summary>
    public const int TurnMin = 500;

    public const int TurnMax = 4500;

    /// <summary>
    /// The most instructions that other processors get between two pieces of modelled kernel code: so they may hit something while
    /// one is on its way into the debugger.
    /// </summary>
    public const int LagMax = 64;

    private readonly SmpMachine _machine;
    private readonly CpuOrder[] _orders;
    private readonly int[] _enabled;
    private readonly CpuRunnable[] _runnables;
    private readonly ISchedulePolicy _policy;
    private int _cpu;
    private int _busy;
    private long _lag;
    private long _turn;
    private long _turns;
    private long _kernelSteps;

    /// <param name="policy">Who makes the choices; null: <see cref="TurnPolicy"/> with the machine's seed.</param>
    public MachineRunner(SmpMachine machine, ISchedulePolicy? policy = null)
    {
        _machine = machine;
        _orders = new CpuOrder[machine.CpuCount];
        _enabled = new int[machine.CpuCount];
        _runnables = [.. Enumerable.Range(0, machine.CpuCount).Select(i => new CpuRunnable(machine[i]))];
        _policy = policy ?? new TurnPolicy(machine.Options.Seed);
        _policy.BeginRun(0);
        _turn = DrawTurn();
    }

    /// <summary>A modelled kernel that shares the processors with the guest, or null.</summary>
    public IKernelActivity? Kernel { get; set; }

    /// <summary>Runs by the orders until something stops a processor or <paramref name="steps"/> steps of virtual time are gone.</summary>
    /// <param name="orders">One per processor.</param>
    /// <param name="stops">Receives what stopped; cleared by the caller.</param>
    public MachineRunEnd Run(ReadOnlySpan<CpuOrder> orders, long steps, List<CpuStop> stops)
    {
        orders.CopyTo(_orders);
        ulong end = _machine.Steps + (ulong)steps;
        _kernelSteps = 0;
        if (LeftRangeAlready(stops))
        {
            return MachineRunEnd.Stopped;
        }

        while (_machine.ExitCode == null)
        {
            // Modelled code takes no virtual time, but it must not run for ever either.
            if (_machine.Steps + (ulong)_kernelSteps >= end)
            {
                return MachineRunEnd.BudgetSpent;
            }

            if (Kernel is { IsActive: true } kernel && IsBusy(kernel))
            {
                if (BusyTurn(kernel, end, stops))
                {
                    return MachineRunEnd.Stopped;
                }

                continue;
            }

            if (!CanRun(_cpu) || _turn == 0)
            {
                if (!NextTurn())
                {
                    if (!SkipIdleTime(end))
                    {
                        return MachineRunEnd.Idle;
                    }

                    continue;
                }
            }

            if (Turn(end, stops))
            {
                return MachineRunEnd.Stopped;
            }
        }

        return MachineRunEnd.Exited;
    }

    /// <summary>The next processor's turn begins with the next step.</summary>
    public void EndTurn() => _turn = 0;

    /// <summary>Part of the turn of the processor whose turn it is.</summary>
    private bool Turn(ulong end, List<CpuStop> stops)
    {
        bool stopped = RunGuest(_cpu, Math.Min(_turn, (long)(end - _machine.Steps)), stops, out long used, out bool gaveUp);
        _turn -= gaveUp ? _turn : Math.Min(_turn, used);
        return stopped;
    }

    /// <summary>
    /// While modelled code has something to do, everybody takes turns: that code until it waits, guest code for a moment. The guest's
    /// own turns go on afterwards as if nothing had been.
    /// </summary>
    private bool BusyTurn(IKernelActivity kernel, ulong end, List<CpuStop> stops)
    {
        if (_lag == 0 || kernel.CanRun(_busy) || !CanRun(_busy))
        {
            int count = FindEnabled();
            _busy = _policy.Choose(new ChoicePoint(_enabled.AsSpan(0, count), _runnables, _busy, _turns++));
            _lag = 0;
            if (kernel.CanRun(_busy))
            {
                _kernelSteps += kernel.Run(_busy);
                return kernel.WaitsForOutside;
            }

            _lag = 1 + (long)_policy.DrawNumber(LagMax);
        }

        long most = Math.Min(_lag, (long)(end - _machine.Steps));
        bool stopped = RunGuest(_busy, most, stops, out long used, out bool gaveUp);

        // What the end of a slice cuts off is for the next one.
        _lag = stopped || gaveUp || used != most ? 0 : _lag - used;
        return stopped;
    }

    private bool RunGuest(int number, long most, List<CpuStop> stops, out long used, out bool gaveUp)
    {
        Vcpu cpu = _machine[number];
        CpuOrder order = _orders[number];
        most = Math.Min(most, StepsToTimer());
        ulong before = _machine.Steps;
        _machine.Active = cpu;
        cpu.Now = before;
        VcpuStop stop = order.Drive == CpuDrive.Continue ? cpu.Run(most) : cpu.Step();
        _machine.Active = null;
        _machine.Steps = cpu.Now;
        used = (long)(_machine.Steps - before);
        gaveUp = stop is VcpuStop.Pause or VcpuStop.Halted;
        cpu.StepCount += (ulong)used;
        switch (stop)
        {
            case VcpuStop.KernelEntered:
                _busy = number;
                break;
            case VcpuStop.DebuggerBreakpoint:
                stops.Add(new CpuStop(number, CpuStopKind.Breakpoint, LinearRip(cpu.Core), default));
                return true;
            case VcpuStop.DebuggerWatch:
                WatchHit hit = cpu.Core.Debug.DebuggerHit;
                cpu.Core.Debug.DebuggerHit = default;
                stops.Add(new CpuStop(number, CpuStopKind.Watch, hit.Address, hit.Range));
                return true;
            case VcpuStop.Shutdown:
                stops.Add(new CpuStop(number, CpuStopKind.Shutdown, 0, default));
                return true;
        }

        return order.Drive != CpuDrive.Continue && StepEnds(number, order, used, stops);
    }

    /// <summary>Whether modelled code could take a step anywhere.</summary>
    private bool IsBusy(IKernelActivity kernel)
    {
        bool inKernel = false;
        for (int i = 0; i < _orders.Length; i++)
        {
            if (kernel.CanRun(i) || (kernel.IsHeldOff(i) && CanRun(i)))
            {
                return true;
            }

            inKernel |= kernel.IsInKernel(i);
        }

        kernel.IsActive = inKernel;
        return false;
    }

    private static ulong LinearRip(CpuCore core) =>
        core.State->Is64Bit ? core.State->Rip : (uint)(core.State->Cs.Base + core.State->Rip);

    private bool StepEnds(int number, CpuOrder order, long used, List<CpuStop> stops)
    {
        ulong rip = _machine[number].Core.State->Rip;
        if (_machine.ExitCode != null || used == 0 || (order.Drive == CpuDrive.StepRange && rip >= order.Start && rip < order.End))
        {
            return false;
        }

        stops.Add(new CpuStop(number, CpuStopKind.StepDone, 0, default));
        return true;
    }

    // A range step that begins outside its range would never end otherwise; it is one plain step then.
    private bool LeftRangeAlready(List<CpuStop> stops)
    {
        for (int i = 0; i < _orders.Length; i++)
        {
            ulong rip = _machine[i].Core.State->Rip;
            CpuOrder order = _orders[i];
            if (order.Drive == CpuDrive.StepRange && (rip < order.Start || rip >= order.End))
            {
                _orders[i] = new CpuOrder(CpuDrive.Step);
            }
        }

        return stops.Count != 0;
    }

    private bool CanRun(int cpu)
    {
        // A debugger that holds a processor holds its guest code; what the kernel does there is not the debugger's to stop.
        if (Kernel is { IsActive: true } kernel && (kernel.IsInKernel(cpu) || kernel.CanRun(cpu)))
        {
            return kernel.CanRun(cpu);
        }

        return _orders[cpu].Drive != CpuDrive.Stay && _machine[cpu].Runnable;
    }

    private bool NextTurn()
    {
        int count = FindEnabled();
        if (count == 0)
        {
            return false;
        }

        _cpu = _policy.Choose(new ChoicePoint(_enabled.AsSpan(0, count), _runnables, _cpu, _turns++));
        _turn = DrawTurn();
        return true;
    }

    private int FindEnabled()
    {
        int count = 0;
        for (int i = 0; i < _orders.Length; i++)
        {
            if (CanRun(i))
            {
                _enabled[count++] = i;
            }
        }

        return count;
    }

    private long StepsToTimer()
    {
        ulong? next = NextTimer();
        return next == null ? long.MaxValue : Math.Max(1, (long)(next.Value - _machine.Steps));
    }

    private ulong? NextTimer()
    {
        ulong? first = null;
        for (int i = 0; i < _orders.Length; i++)
        {
            ulong? at = _machine[i].Apic.Timer.NextStep;
            if (at != null && (first == null || at < first) && _orders[i].Drive != CpuDrive.Stay)
            {
                first = at;
            }
        }

        return first;
    }

    // Nobody can run: time goes to the next timer at once, if there is one.
    private bool SkipIdleTime(ulong end)
    {
        ulong? next = NextTimer();
        if (next == null)
        {
            return false;
        }

        _machine.Steps = Math.Min(end, Math.Max(next.Value, _machine.Steps + 1));
        for (int i = 0; i < _orders.Length; i++)
        {
            _machine[i].Apic.Timer.Advance(_machine.Steps);
        }

        return true;
    }

    private long DrawTurn() => TurnMin + (long)_policy.DrawNumber(TurnMax - TurnMin + 1);
}
