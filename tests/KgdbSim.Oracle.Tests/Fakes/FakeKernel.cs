using KgdbSim.Stub.Kgdb.Faithful;
using KgdbSim.Stub.Kgdb.Oracle;

namespace KgdbSim.Oracle.Tests.Fakes;

/// <summary>A kernel that does nothing but stop: enough for packets that never let it run.</summary>
internal sealed class FakeKernel : IKgdbCore
{
    private const int CpusOnline = 4;

    private readonly ulong[,] _registers = new ulong[CpusOnline, RegisterNumber.StoredCount];
    private readonly FakeTask[] _idle = [.. Enumerable.Range(0, 8).Select(cpu => new FakeTask(0, $"swapper/{cpu}"))];
    private readonly List<FakeTask> _tasks = [];
    private readonly FakeMemory _memory;
    private readonly StageLayout _layout;

    public FakeKernel(StageLayout layout)
    {
        _layout = layout;
        _memory = new FakeMemory(layout);
        Breakpoints = new FakeBreakpoints(_memory);
        _tasks.Add(new FakeTask(1, "init"));
        for (int pid = 2; pid < 0x3d; pid++)
        {
            _tasks.Add(new FakeTask(pid, $"kworker/{pid}"));
        }

        for (int worker = 0; worker < CpusOnline; worker++)
        {
            _tasks.Add(new FakeTask(0x3d + worker, $"worker{worker}"));
        }

        Current = _tasks[0];
    }

    public FakeBreakpoints Breakpoints { get; }

    public FakeTask Current { get; private set; }

    /// <summary>How often the kernel was let go, and whether the exception went with it.</summary>
    public int SteppingCpu { get; private set; } = -1;

    public int MasterCpu { get; private set; }

    public int CpuLimit => 8;

    IKgdbTask IKgdbCore.Current => Current;

    public IReadOnlyList<IKgdbTask> Tasks => _tasks;

    /// <summary>A new task enters by kgdb_breakpoint's int3.</summary>
    public void Break(int cpu)
    {
        Current = new FakeTask(_tasks[^1].Pid + 1, "sysrq");
        _tasks.Add(Current);
        MasterCpu = cpu;
        for (int c = 0; c < CpusOnline; c++)
        {
            _registers[c, RegisterNumber.InstructionPointer] = 0xffff_ffff_8102_57aa;
            _registers[c, RegisterNumber.Flags] = 0x246;
            _registers[c, RegisterNumber.CodeSegment] = 0x10;
            _registers[c, RegisterNumber.StackSegment] = 0x18;
        }

        _registers[cpu, RegisterNumber.InstructionPointer] = _layout.KgdbBreakpoint + StageCode.BreakpointOffset + 1;
        _registers[cpu, RegisterNumber.Flags] = 0x202;
        _registers[cpu, RegisterNumber.StackPointer] = Current.SavedStackPointer;
    }

    public int? FindByName(string name) => _tasks.Find(task => task.Comm == name)?.Pid;

    public bool IsOnline(int cpu) => cpu < CpusOnline;

    public IKgdbTask? TaskInDebugger(int cpu) => cpu >= CpusOnline ? null : cpu == MasterCpu ? Current : _idle[cpu];

    public IKgdbTask IdleTask(int cpu) => _idle[cpu];

    public IKgdbTask? FindTask(int pid) => _tasks.Find(task => task.Pid == pid);

    public ulong ReadRegister(int cpu, int register) => _registers[cpu, register];

    public void WriteRegister(int register, ulong value) => _registers[MasterCpu, register] = value;

    public ulong? FindSymbol(string name) => _layout.Find(name);

    public int ReadMemory(ulong address, Span<byte> bytes) => _memory.Read(address, bytes);

    public int WriteMemory(ulong address, ReadOnlySpan<byte> bytes) => _memory.Write(address, bytes);

    public int SetSoftwareBreakpoint(ulong address) => Breakpoints.SetSoftware(address);

    public int RemoveSoftwareBreakpoint(ulong address) => Breakpoints.RemoveSoftware(address);

    public int SetHardwareBreakpoint(ulong address, int length, int type) => Breakpoints.SetHardware(address, length, type);

    public int RemoveHardwareBreakpoint(ulong address, int length, int type) => Breakpoints.RemoveHardware(address);

    public int RemoveAllBreakpoints()
    {
        Breakpoints.RemoveAll();
        return 0;
    }

    public void SetSteppingCpu(int cpu) => SteppingCpu = cpu;
}
