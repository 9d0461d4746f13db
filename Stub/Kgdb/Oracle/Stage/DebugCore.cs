using System.Buffers;
using KgdbSim.Stub.Kgdb.Faithful;

namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>
/// kgdb_cpu_enter of kernel/debug/debug_core.c@6.1 over all CPUs: who is master, who waits, who was rounded up, and in which order text and
/// debug registers change on the way in and out.
/// </summary>
internal sealed class DebugCore
{
    /// <summary>How far the other CPUs come before the roundup's NMI reaches them: enough to trap by themselves if they are about to.</summary>
    private const int RoundupLatencySteps = 64;

    /// <summary>sstep_tries.</summary>
    private const int StepTriesMax = 100;

    private readonly StageKernel _kernel;
    private readonly KgdbSerialStub _stub;
    private readonly List<StageCpu> _waiting = [];
    private int _stepTries;
    private int _steppedPid;

    public DebugCore(StageKernel kernel, IBufferWriter<byte> wire)
    {
        _kernel = kernel;
        _stub = new KgdbSerialStub(new StageCore(kernel, this), wire);
    }

    public KgdbSerialStub Stub => _stub;

    /// <summary>kgdb_active, or null.</summary>
    public StageCpu? Master { get; private set; }

    /// <summary>Some CPU spins for the master lock.</summary>
    public bool HasWaiting => _waiting.Count > 0;

    /// <summary>kgdb_cpu_doing_single_step, or -1.</summary>
    public int SteppingCpu { get; set; } = -1;

    /// <summary>A CPU has trapped and asks to be master.</summary>
    public void Enter(StageCpu cpu, TrapEntry entry)
    {
        entry.Role = KgdbRole.Waiting;
        _kernel.Registers(cpu).Disable();
        _waiting.Add(cpu);
    }

    /// <summary>Gives the master lock away if it is free: to the CPU that steps, or to whoever waits longest.</summary>
    public void Elect()
    {
        while (Master is null && Candidate() is { } cpu)
        {
            _waiting.Remove(cpu);
            Master = cpu;
            TrapEntry entry = cpu.Trap!;
            entry.Role = KgdbRole.Master;
            if (IsAtRemoved(cpu, entry))
            {
                // kgdb_skipexception: the int3 was taken away while this CPU waited; its instruction is run instead.
                ulong place = cpu.ReadRegister(entry, RegisterNumber.InstructionPointer);
                cpu.WriteRegister(entry, RegisterNumber.InstructionPointer, place - 1);
                Release(passed: false);
                continue;
            }

            RoundUp();
            _kernel.SoftwareBreakpoints.Deactivate();
            _stub.Enter(entry.Signal);
        }
    }

    /// <summary>The stub is through: text first, then each slave with its debug registers, the master last.</summary>
    public void Leave(bool passed)
    {
        _kernel.SoftwareBreakpoints.Activate();
        foreach (StageCpu cpu in _kernel.Machine.Cpus)
        {
            if (cpu.Trap is { Role: KgdbRole.Slave } entry)
            {
                _kernel.Registers(cpu).Correct();
                _kernel.Return(cpu, entry);
            }
        }

        Release(passed);
    }

    /// <summary>Whether the CPU's kernel sits in kgdb, so its registers can be read.</summary>
    public static bool Holds(StageCpu cpu) => cpu.Trap is { Role: not KgdbRole.None };

    private void Release(bool passed)
    {
        StageCpu cpu = Master!;
        TrapEntry entry = cpu.Trap!;
        if (SteppingCpu >= 0)
        {
            StageCpu stepping = _kernel.Machine.Cpus[SteppingCpu];
            _steppedPid = Holds(stepping) ? stepping.Current.Pid : 0;
            _stepTries = StepTriesMax;
        }

        _kernel.Registers(cpu).Correct();
        entry.Role = KgdbRole.None;
        Master = null;
        _kernel.Handled(cpu, entry, passed);
    }

    /// <summary>
    /// While a CPU steps, others that wait give the lock back a hundred times before they take it. One whose breakpoint was removed has
    /// been seen to get through all the same, which is how its hit is lost when a debugger steps over a breakpoint.
    /// </summary>
    private StageCpu? Candidate()
    {
        if (SteppingCpu < 0)
        {
            return _waiting.Count > 0 ? _waiting[0] : null;
        }

        StageCpu? right = _waiting.Find(cpu => cpu.Current.Pid == _steppedPid && cpu.Number == SteppingCpu)
            ?? _waiting.Find(cpu => IsAtRemoved(cpu, cpu.Trap!));
        return right ?? (_waiting.Count > 0 && --_stepTries <= 0 ? _waiting[0] : null);
    }

    private bool IsAtRemoved(StageCpu cpu, TrapEntry entry) =>
        entry.KgdbVector == 3
        && _kernel.SoftwareBreakpoints.IsRemoved(cpu.ReadRegister(entry, RegisterNumber.InstructionPointer) - 1);

    /// <summary>kgdb_roundup_cpus: an NMI to all but self. Those that trap before it arrives wait to be master afterwards.</summary>
    private void RoundUp()
    {
        foreach (StageCpu cpu in _kernel.InOrder())
        {
            if (!Holds(cpu) && !cpu.IsIdle)
            {
                _kernel.RunShortly(cpu, RoundupLatencySteps);
            }
        }

        foreach (StageCpu cpu in _kernel.InOrder())
        {
            while (!Holds(cpu))
            {
                cpu.RaiseNmi();
                _kernel.RunShortly(cpu, RoundupLatencySteps);
            }

            cpu.DropNmi();
        }
    }
}
