using System.Buffers;
using KgdbSim.Stub.Kgdb.Faithful;

namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>The stage on which the transcripts were recorded, rebuilt: a machine, its kernel, kgdb on one serial line, commands on another.</summary>
internal sealed class OracleStage : IOracleStage, IDisposable
{
    /// <summary>Turns of all CPUs that stand for the seconds a recorder waits.</summary>
    private const int TurnsPerSettling = 2000;

    /// <summary>Telnet's IAC BREAK, and the key for the debugger.</summary>
    private static readonly byte[] BreakThenDebug = [0xff, 0xf3, (byte)'g'];

    /// <summary>Instructions in a turn: few, so that CPUs that start together stay together.</summary>
    private const int StepsPerTurn = 8;

    private readonly ArrayBufferWriter<byte> _wire = new();
    private readonly List<byte> _uart = [];
    private readonly Queue<ConsoleCommand> _commands = new();
    private readonly StageMachine _machine;
    private readonly StageKernel _kernel;

    public OracleStage(Transcript transcript, StageLayout layout, int[] order)
    {
        _machine = new StageMachine(layout, transcript.Header.CpuCount);
        _kernel = new StageKernel(transcript, layout, _machine, order, _wire);
    }

    public int CpuCount => _machine.Cpus.Count;

    public void Send(ReadOnlySpan<byte> bytes)
    {
        _uart.AddRange(bytes);
        int at = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_uart).IndexOf(BreakThenDebug);
        if (at >= 0 && !_kernel.Kgdb.Stub.Listens)
        {
            _uart.RemoveRange(at, BreakThenDebug.Length);
            _kernel.Interrupt();
        }
    }

    public void Type(string command) => _commands.Enqueue(ConsoleCommand.Parse(command));

    public void Settle()
    {
        for (int turn = 0; turn < TurnsPerSettling && !_kernel.IsDead; turn++)
        {
            Listen();
            if (_kernel.Kgdb.Stub.Listens || _kernel.IsDead)
            {
                return;
            }

            bool moved = _commands.Count > 0;
            if (_commands.TryDequeue(out ConsoleCommand? command))
            {
                _kernel.Execute(command);
            }

            moved |= _kernel.Turn(StepsPerTurn);
            if (!moved && !_kernel.Kgdb.Stub.Listens)
            {
                return;
            }
        }
    }

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
                default:
                    _kernel.Stop();
                    return;
            }
        }
    }
}
