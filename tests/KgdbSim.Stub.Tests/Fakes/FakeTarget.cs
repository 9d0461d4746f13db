using System.Buffers.Binary;
using KgdbSim.Protocol.TargetDescription;
using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Binding.Capabilities;
using KgdbSim.Target.Memory;

namespace KgdbSim.Stub.Tests.Fakes;

/// <summary>
/// A machine of a few lines: every CPU walks through [<see cref="CodeStart"/>, <see cref="CodeEnd"/>) one byte per
/// instruction and starts over; all resumed CPUs step in lockstep, so that several can hit something at the same time.
/// What an instruction does is written into <see cref="Program"/>.
/// </summary>
internal sealed class FakeTarget : IDebugTarget, IRestart, IGuestImage, IMemoryMap, IGuestConsole, IMachineFacts
{
    public const ulong CodeStart = 0x1000;
    public const ulong CodeEnd = 0x1100;
    public const ulong MemoryStart = 0x1000;

    private readonly byte[] _memory = new byte[0x20000];
    private readonly byte[][] _registers;
    private readonly CpuActivity[] _activity;
    private readonly ulong[] _steps;
    private readonly List<byte> _console = [];
    private byte[] _consoleView = [];
    private bool _haltRequested;

    public FakeTarget(int cpuCount = 4)
    {
        CpuCount = cpuCount;
        _registers = [.. Enumerable.Range(0, cpuCount).Select(_ => new byte[Registers.Size])];
        _activity = new CpuActivity[cpuCount];
        _steps = new ulong[cpuCount];
        Reset();
    }

    /// <summary>What the instruction at an address does, besides going on to the next.</summary>
    public Dictionary<ulong, Deed> Program { get; } = [];

    public FakePoints Points { get; } = new();

    public int RestartCount { get; private set; }

    /// <summary>Budgets of all slices run so far.</summary>
    public List<long> Slices { get; } = [];

    /// <summary>A value that no register may be set to.</summary>
    public ulong RefusedValue { get; set; } = 0xbad;

    public int CpuCount { get; }

    public RegisterSet Registers { get; } = X64Registers.Create(avx: false, linux: false);

    public IBreakpoints? Breakpoints => Points;

    public IWatchpoints? Watchpoints => Points;

    public IGuestImage? Image => this;

    public IRestart? Restart => this;

    public IMemoryMap? MemoryMap => this;

    public IGuestConsole? Console => this;

    public IMachineFacts? Facts => this;

    public string Path => "/guests/fake.elf";

    public ReadOnlyMemory<byte> Bytes { get; init; } = new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 1, 2, 3, 4 };

    public ulong LoadBias => 0;

    public IReadOnlyList<PhysicalRegion> Regions { get; } =
        [new(MemoryStart, 0x20000, PhysicalRegionKind.Ram, "RAM")];

    public ulong Seed => 42;

    public ulong StepCount => _steps.Aggregate(0ul, (sum, steps) => sum + steps);

    public ReadOnlySpan<byte> Pending => _consoleView = [.. _console];

    public Span<byte> Memory => _memory;

    public ulong StepCountOf(int cpu) => _steps[cpu];

    public void Discard() => _console.Clear();

    public CpuActivity ActivityOf(int cpu) => _activity[cpu];

    public void SetActivity(int cpu, CpuActivity activity) => _activity[cpu] = activity;

    public ulong RipOf(int cpu) => InstructionPointer.Of(this, cpu);

    public void SetRip(int cpu, ulong address) => InstructionPointer.TrySet(this, cpu, address);

    public int ReadRegister(int cpu, int number, Span<byte> destination)
    {
        if (number >= Registers.All.Length)
        {
            return 0;
        }

        RegisterDescription register = Registers.All[number];
        _registers[cpu].AsSpan(register.Offset, register.Size).CopyTo(destination);
        return register.Size;
    }

    public RegisterWriteResult WriteRegister(int cpu, int number, ReadOnlySpan<byte> value)
    {
        if (value.Length == sizeof(ulong) && BinaryPrimitives.ReadUInt64LittleEndian(value) == RefusedValue)
        {
            return RegisterWriteResult.Refused;
        }

        RegisterDescription register = Registers.All[number];
        value.CopyTo(_registers[cpu].AsSpan(register.Offset, register.Size));
        return RegisterWriteResult.Done;
    }

    public int ReadMemory(int cpu, ulong address, Span<byte> destination)
    {
        ulong offset = address - MemoryStart;
        if (offset >= (ulong)_memory.Length)
        {
            return 0;
        }

        int count = Math.Min(destination.Length, _memory.Length - (int)offset);
        _memory.AsSpan((int)offset, count).CopyTo(destination);
        return count;
    }

    public LinearRegion? FindRegion(int cpu, ulong address)
    {
        ulong end = MemoryStart + (ulong)_memory.Length;
        return address < MemoryStart ? new LinearRegion(0, MemoryStart, LinearRights.None, 0)
            : address >= end ? new LinearRegion(end, 0 - end, LinearRights.None, 0)
            : new LinearRegion(MemoryStart, (ulong)_memory.Length, LinearRights.Read | LinearRights.Execute, MemoryStart);
    }

    public bool WriteMemory(int cpu, ulong address, ReadOnlySpan<byte> source)
    {
        ulong offset = address - MemoryStart;
        return offset <= (ulong)_memory.Length && source.TryCopyTo(_memory.AsSpan((int)offset));
    }

    public void RequestHalt() => _haltRequested = true;

    void IRestart.Restart()
    {
        RestartCount++;
        Reset();
    }

    public RunResult Run(ResumePlan plan, long maxSteps, List<StopEvent> stops)
    {
        Slices.Add(maxSteps);
        if (_haltRequested)
        {
            _haltRequested = false;
            stops.Add(new StopEvent(Math.Max(plan.FirstResumed, 0), StopKind.Interrupted, 0));
            return new RunResult(RunEnd.Stopped);
        }

        for (long step = 0; step < maxSteps; step++)
        {
            bool anyRan = false;
            for (int cpu = 0; cpu < CpuCount; cpu++)
            {
                if (plan[cpu].Kind != ResumeKind.Stay && _activity[cpu] == CpuActivity.Running)
                {
                    anyRan = true;
                    if (Execute(cpu, plan[cpu], stops) is { } exitCode)
                    {
                        return new RunResult(RunEnd.Exited, exitCode);
                    }
                }
            }

            if (stops.Count > 0)
            {
                return new RunResult(RunEnd.Stopped);
            }

            if (!anyRan)
            {
                return new RunResult(RunEnd.Idle);
            }
        }

        return new RunResult(RunEnd.BudgetSpent);
    }

    private int? Execute(int cpu, ResumeAction action, List<StopEvent> stops)
    {
        ulong rip = RipOf(cpu);
        foreach (bool hardware in (ReadOnlySpan<bool>)[true, false])
        {
            if (Points.Contains(hardware, rip))
            {
                StopKind kind = hardware ? StopKind.HardwareBreakpoint : StopKind.SoftwareBreakpoint;
                stops.Add(new StopEvent(cpu, kind, rip));
                return null;
            }
        }

        Deed deed = Program.GetValueOrDefault(rip);
        _steps[cpu]++;
        ulong next = rip + 1 == CodeEnd ? CodeStart : rip + 1;
        SetRip(cpu, next);
        if (deed.Kind == DeedKind.Store)
        {
            _memory[(int)(deed.Argument - MemoryStart)]++;
        }

        switch (deed.Kind)
        {
            case DeedKind.Exit:
                return (int)deed.Argument;
            case DeedKind.Halt:
                _activity[cpu] = CpuActivity.Halted;
                break;
            case DeedKind.Shutdown:
                _activity[cpu] = CpuActivity.Shutdown;
                stops.Add(new StopEvent(cpu, StopKind.Shutdown, 0));
                break;
            case DeedKind.Bug:
                throw new InvalidOperationException("a bug");
            case DeedKind.Print:
                _console.Add((byte)deed.Argument);
                break;
            case DeedKind.Store or DeedKind.Load when Points.Watched(deed) is { } watch:
                stops.Add(new StopEvent(cpu, watch, deed.Argument));
                break;
        }

        bool left = action.Kind == ResumeKind.Step
            || (action.Kind == ResumeKind.RangeStep && (next < action.RangeStart || next >= action.RangeEnd));
        if (left)
        {
            stops.Add(new StopEvent(cpu, StopKind.StepDone, 0));
        }

        return null;
    }

    private void Reset()
    {
        for (int cpu = 0; cpu < CpuCount; cpu++)
        {
            _registers[cpu].AsSpan().Clear();
            _activity[cpu] = CpuActivity.Running;
            _steps[cpu] = 0;
            SetRip(cpu, CodeStart + (ulong)(0x10 * cpu));
        }
    }
}
