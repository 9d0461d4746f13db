using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using KgdbSim.Stub.Kgdb.Faithful;
using KgdbSim.Target.Cpu.Debugging;

namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>The stage on which the transcripts were recorded, rebuilt: a machine, its kernel, kgdb on one serial line, commands on another.</summary>
internal sealed class OracleStage : IOracleStage, IDisposable
{
    /// <summary>Turns of all CPUs that stand for the seconds a recorder waits.</summary>
    private const int TurnsPerSettling = 2000;

    /// <summary>Turns that a shell needs to read a command and start something: a single step, or a hit that waited, comes before it.</summary>
    private const int ShellTurns = 100;

    /// <summary>Instructions in a turn: few, so that CPUs that start together stay together.</summary>
    private const int StepsPerTurn = 8;

    private readonly ArrayBufferWriter<byte> _wire = new();
    private readonly List<byte> _uart = [];
    private readonly Queue<ConsoleCommand> _commands = new();
    private readonly Transcript _transcript;
    private readonly StageLayout _layout;
    private readonly int[] _order;
    private StageMachine _machine;
    private StageKernel _kernel;
    private bool _breakSeen;

    public OracleStage(Transcript transcript, StageLayout layout, int[] order)
    {
        _transcript = transcript;
        _layout = layout;
        _order = order;
        Boot();
    }

    public int CpuCount => _machine.Cpus.Count;

    public int RestartCount { get; private set; }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        // What telnet says to the port's other end is no byte of the line; the kernel takes the key behind a BREAK if it runs then.
        for (int at; (at = bytes.IndexOf(SerialBreak.Telnet)) >= 0; bytes = bytes[(at + SerialBreak.Telnet.Length)..])
        {
            Arrive(bytes[..at]);
            _breakSeen = true;
        }

        Arrive(bytes);
    }

    public string? Type(string command)
    {
        if (ConsoleCommand.Parse(command, out string? complaint) is { } parsed)
        {
            _commands.Enqueue(parsed);
        }

        return complaint;
    }

    public bool Wake(string name, ulong address) => _kernel.Wake(name, address);

    public void Settle()
    {
        for (int turn = 0; (turn < TurnsPerSettling || IsTrapping(turn)) && !_kernel.IsDead; turn++)
        {
            Listen();
            if (_kernel.IsRestarting)
            {
                RestartCount++;
                _machine.Dispose();
                Boot();
                continue;
            }

            if (_kernel.Kgdb.Stub.Listens || _kernel.IsDead)
            {
                return;
            }

            bool moved = _kernel.Turn(StepsPerTurn);
            if ((!moved || turn >= ShellTurns) && !_kernel.Kgdb.Stub.Listens && _commands.TryDequeue(out ConsoleCommand? command))
            {
                _kernel.Execute(command);
                moved = true;
            }

            if (!moved && !_kernel.Kgdb.Stub.Listens)
            {
                return;
            }
        }
    }

    /// <summary>
    /// A CPU is between a #DB and its handler's first look at DR6. That is where a CPU that traps for ever hardly is at all, and must not be
    /// seen just there.
    /// </summary>
    private bool IsTrapping(int turn) => turn < TurnsPerSettling + ShellTurns
        && _machine.Cpus.Any(cpu => (cpu.GetDebugRegister(6) & Dr6Bits.Breakpoints) != 0);

    public byte[] TakeOutput()
    {
        byte[] output = _wire.WrittenSpan.ToArray();
        _wire.ResetWrittenCount();
        return output;
    }

    public DebugRegisterDump DebugRegisters(int cpu)
    {
        StageCpu one = _machine.Cpus[cpu];
        ulong[] addresses = [.. Enumerable.Range(0, 4).Select(one.GetDebugRegister)];
        return new DebugRegisterDump(cpu, addresses, one.GetDebugRegister(6), one.GetDebugRegister(7));
    }

    public IReadOnlyList<(int Cpu, ulong Control)> TakeControlHistory() => _kernel.TakeControlHistory();

    public int? FindTask(string name) => _kernel.TaskList.Find(name)?.Pid;

    public bool HasTask(int pid) => _kernel.TaskList.Find(pid) is not null;

    public void Dispose() => _machine.Dispose();

    [MemberNotNull(nameof(_machine), nameof(_kernel))]
    private void Boot()
    {
        _uart.Clear();
        _machine = new StageMachine(_layout, _transcript.Header.CpuCount);
        _kernel = new StageKernel(_transcript, _layout, _machine, _order, _wire);
    }

    private void Arrive(ReadOnlySpan<byte> bytes)
    {
        if (_breakSeen && bytes.Length > 0)
        {
            _breakSeen = false;
            if (bytes[0] == SerialBreak.DebugKey && !_kernel.Kgdb.Stub.Listens)
            {
                bytes = bytes[1..];
                _kernel.Interrupt();
            }
        }

        _uart.AddRange(bytes);
    }

    /// <summary>The stub reads what is in the UART while it listens, and may then let the kernel go.</summary>
    private void Listen()
    {
        KgdbSerialStub stub = _kernel.Kgdb.Stub;
        while (stub.Listens)
        {
            int read = stub.Receive([.. _uart]);
            _uart.RemoveRange(0, read);
            if (stub.Listens)
            {
                return;
            }

            if (!_kernel.Kgdb.IsStopped)
            {
                // It was console output that waited.
                continue;
            }

            switch (stub.Demand)
            {
                case StubDemand.Resume or StubDemand.ResumeAndPass:
                    _kernel.Kgdb.Leave();
                    break;
                case StubDemand.Restart:
                    _kernel.Restart();
                    return;
                default:
                    _kernel.Stop();
                    return;
            }
        }
    }
}
