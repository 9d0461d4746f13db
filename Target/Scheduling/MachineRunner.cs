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

    private readonly SmpMachine _machine;
    private readonly CpuOrder[] _orders;
    private readonly int[] _enabled;
    private readonly CpuRunnable[] _runnables;
    private readonly ISchedulePolicy _policy;
    private int _cpu;
    private long _turn;
    private long _turns;

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
        if (LeftRangeAlready(stops))
        {
            return MachineRunEnd.Stopped;
        }

        while (_machine.ExitCode == null)
        {
            if (_machine.Steps >= end)
            {
                return MachineRunEnd.BudgetSpent;
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

    private bool Turn(ulong end, List<CpuStop> stops)
    {
        if (Kernel is { } kernel && kernel.CanRun(_cpu))
        {
            return KernelTurn(kernel);
        }

        Vcpu cpu = _machine[_cpu];
        CpuOrder order = _orders[_cpu];
        long most = Math.Min(_turn, (long)(end - _machine.Steps));
        most = Math.Min(most, StepsToTimer());
        ulong before = _machine.Steps;
        _machine.Active = cpu;
        cpu.Now = before;
        VcpuStop stop = order.Drive == CpuDrive.Continue ? cpu.Run(most) : cpu.Step();
        _machine.Active = null;
        _machine.Steps = cpu.Now;
        long used = (long)(_machine.Steps - before);
        cpu.StepCount += (ulong)used;
        _turn -= Math.Min(_turn, used);
        switch (stop)
        {
            case VcpuStop.Pause:
            case VcpuStop.Halted:
            case VcpuStop.KernelEntered:
                _turn = 0;
                break;
            case VcpuStop.DebuggerBreakpoint:
                stops.Add(new CpuStop(_cpu, CpuStopKind.Breakpoint, LinearRip(cpu.Core), default));
                return true;
            case VcpuStop.DebuggerWatch:
                WatchHit hit = cpu.Core.Debug.DebuggerHit;
                cpu.Core.Debug.DebuggerHit = default;
                stops.Add(new CpuStop(_cpu, CpuStopKind.Watch, hit.Address, hit.Range));
                return true;
            case VcpuStop.Shutdown:
                stops.Add(new CpuStop(_cpu, CpuStopKind.Shutdown, 0, default));
                return true;
        }

        return order.Drive != CpuDrive.Continue && StepEnds(order, used, stops);
    }

    private bool KernelTurn(IKernelActivity kernel)
    {
        long used = kernel.Run(_cpu);
        _machine.Steps += (ulong)used;
        _machine[_cpu].StepCount += (ulong)used;
        _turn -= Math.Min(_turn, used);
        return kernel.WaitsForOutside;
    }

    private static ulong LinearRip(CpuCore core) =>
        core.State->Is64Bit ? core.State->Rip : (uint)(core.State->Cs.Base + core.State->Rip);

    private bool StepEnds(CpuOrder order, long used, List<CpuStop> stops)
    {
        ulong rip = _machine[_cpu].Core.State->Rip;
        if (_machine.ExitCode != null || used == 0 || (order.Drive == CpuDrive.StepRange && rip >= order.Start && rip < order.End))
        {
            return false;
        }

        stops.Add(new CpuStop(_cpu, CpuStopKind.StepDone, 0, default));
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
        if (Kernel is { } kernel && (kernel.IsInKernel(cpu) || kernel.CanRun(cpu)))
        {
            return kernel.CanRun(cpu);
        }

        return _orders[cpu].Drive != CpuDrive.Stay && _machine[cpu].Runnable;
    }

    private bool NextTurn()
    {
        int count = 0;
        for (int i = 0; i < _orders.Length; i++)
        {
            if (CanRun(i))
            {
                _enabled[count++] = i;
            }
        }

        if (count == 0)
        {
            return false;
        }

        _cpu = _policy.Choose(new ChoicePoint(_enabled.AsSpan(0, count), _runnables, _cpu, _turns++));
        _turn = DrawTurn();
        return true;
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
