using System.Buffers;
using KgdbSim.Stub.Kgdb.Faithful.Kdb;

namespace KgdbSim.Stub.Kgdb.Faithful;

/// <summary>
/// gdb_serial_stub of kernel/debug/gdbstub.c@6.1 with its serial line, to the byte: bytes in, bytes out, and a demand to let the
/// kernel go on. Where the kernel waits for a character this returns, and reading the next bytes goes on from there.
/// </summary>
internal sealed class KgdbSerialStub
{
    private enum Pending
    {
        NextPacket,
        Detach,
        Restart,
        SignalMessage,
        Command,
        Console,
    }

    private readonly StubContext _context;
    private readonly PacketReceiver _receiver;
    private readonly PacketSender _sender;
    private readonly ConsoleMessage _console;
    private readonly KdbPrompt? _kdb;
    private Pending _pending;

    /// <summary>dbg_kdb_mode: where there is a kdb it comes first.</summary>
    private bool _inKdb;
    private int _signal;

    /// <param name="core">The kernel around it.</param>
    /// <param name="wire">The serial line's sending side.</param>
    /// <param name="hasKdb">CONFIG_KGDB_KDB: qRcmd and the way back to kdb are there.</param>
    public KgdbSerialStub(IKgdbCore core, IBufferWriter<byte> wire, bool hasKdb = false)
    {
        _context = new StubContext(core, hasKdb);
        _receiver = new PacketReceiver(_context.Buffers);
        _sender = new PacketSender(wire);
        _console = new ConsoleMessage(_sender);
        _kdb = hasKdb ? new KdbPrompt(_context.Kdb, wire) : null;
        _inKdb = hasKdb;
    }

    /// <summary>kgdb_connected: a stop is reported only after some packet was seen.</summary>
    public bool Connected => _context.Connected;

    /// <summary>The kernel sits in the command loop or waits for the acknowledgement of console output; else bytes stay in the UART.</summary>
    public bool Listens { get; private set; }

    /// <summary>Set while bytes are read; it holds until the next <see cref="Enter"/>.</summary>
    public StubDemand Demand { get; private set; }

    /// <summary>The master enters the command loop.</summary>
    /// <param name="signal">5 for traps, 11 for an oops.</param>
    public void Enter(int signal)
    {
        _signal = signal;
        Demand = StubDemand.None;
        Listens = true;
        if (_inKdb)
        {
            _kdb!.Enter(signal);
        }
        else
        {
            Begin();
        }
    }

    /// <summary>gdb_serial_stub begins.</summary>
    private void Begin()
    {
        _context.BeginStop(_signal);
        _pending = Pending.NextPacket;
        if (!_context.Connected)
        {
            return;
        }

        RemcomBuffers buffers = _context.Buffers;
        buffers.Append((byte)'T');
        buffers.AppendHex((byte)_signal);
        buffers.Append("thread:"u8);
        IKgdbCore core = _context.Core;
        ThreadReference.Append(buffers, ThreadReference.Visible(core.Current.Pid, core.MasterCpu));
        buffers.Append((byte)';');
        _sender.Send(buffers.Reply);
    }

    /// <summary>Reads bytes for as long as the kernel would.</summary>
    /// <returns>How many were read; the rest stays in the UART.</returns>
    public int Receive(ReadOnlySpan<byte> bytes)
    {
        int read = 0;
        while (Listens && read < bytes.Length)
        {
            Receive(bytes[read++]);
        }

        return read;
    }

    /// <summary>kgdb_console_write: printk output while the kernel runs, with kgdbcon. The writer spins until the acknowledgement.</summary>
    public void WriteConsole(ReadOnlySpan<byte> text)
    {
        if (!_context.Connected || Listens)
        {
            return;
        }

        _console.Begin(text);
        _pending = Pending.Console;
        Listens = _console.SendNext();
    }

    /// <summary>The reboot notifier: says W and the kind of restart, once.</summary>
    public void Exit(byte status)
    {
        if (!_context.Connected)
        {
            return;
        }

        _context.Connected = false;
        _sender.SendAndForget([(byte)'W', HexText.Digit(status >> 4), HexText.Digit(status)]);
    }

    private void Receive(byte value)
    {
        if (_inKdb && !_sender.Waiting)
        {
            LeaveKdb(_kdb!.Receive(value));
            return;
        }

        if (_sender.Waiting)
        {
            _sender.Receive(value);
            if (!_sender.Waiting)
            {
                AfterAcknowledgement();
            }

            return;
        }

        bool complete = _receiver.Receive(value, out byte answer, out bool started);
        _context.Connected |= started;
        if (answer != 0)
        {
            _sender.WriteByte(answer);
        }

        if (complete)
        {
            _context.Buffers.ClearReply();
            Dispatch();
        }
    }

    private void LeaveKdb(KdbExit exit)
    {
        switch (exit)
        {
            case KdbExit.Go:
                _context.BeginStop(_signal);
                "c\0"u8.CopyTo(_context.Buffers.Input);
                Leave();
                break;
            case KdbExit.Debugger:
                _inKdb = false;
                Begin();
                byte[] packet = [.. _kdb!.Packet];
                Receive(packet);
                break;
            default:
                break;
        }
    }

    private void AfterAcknowledgement()
    {
        switch (_pending)
        {
            case Pending.Detach:
                Leave();
                break;
            case Pending.Restart:
                Finish(StubDemand.Restart);
                break;
            case Pending.SignalMessage when !_console.SendNext():
                _pending = Pending.NextPacket;
                _context.Buffers.Input[0] = (byte)'c';
                Resume();
                break;
            case Pending.Command when !_console.SendNext():
                _pending = Pending.NextPacket;
                Reply();
                break;
            case Pending.Console:
                Listens = _console.SendNext();
                break;
            default:
                break;
        }
    }

    private void Dispatch()
    {
        switch (_context.Buffers.Input[0])
        {
            case (byte)'D' or (byte)'k':
                Detach();
                return;
            case (byte)'3' when _context.HasKdb && PacketIs("3"u8):
                _context.Core.RemoveAllBreakpoints();
                _context.Connected = false;
                _inKdb = true;
                _kdb!.Enter(_signal);
                return;
            case (byte)'R' when PacketIs("R0"u8):
                _context.Buffers.Reset("OK"u8);
                _pending = Pending.Restart;
                break;
            case (byte)'C':
            case (byte)'3' when _context.HasKdb:
                PassSignal();
                return;
            case (byte)'c' or (byte)'s':
                Resume();
                return;
            case (byte)'Z' or (byte)'z':
                if (!BreakpointPackets.Change(_context))
                {
                    Finish(StubDemand.Dead);
                    return;
                }

                break;
            default:
                Answer();
                break;
        }

        foreach (byte[] piece in _context.Kdb.TakeOutput())
        {
            _console.Append(piece);
            _pending = Pending.Command;
        }

        if (_pending != Pending.Command)
        {
            Reply();
        }
        else
        {
            _console.SendNext();
        }
    }

    private void Answer()
    {
        switch (_context.Buffers.Input[0])
        {
            case (byte)'?':
                // Meant for a debugger that connects: it finds a kernel without breakpoints.
                _context.Core.RemoveAllBreakpoints();
                _context.Buffers.Append((byte)'S');
                _context.Buffers.AppendHex((byte)_context.Signal);
                break;
            case (byte)'g':
                RegisterPackets.ReadAll(_context);
                break;
            case (byte)'G':
                RegisterPackets.WriteAll(_context);
                break;
            case (byte)'p':
                RegisterPackets.ReadOne(_context);
                break;
            case (byte)'P':
                RegisterPackets.WriteOne(_context);
                break;
            case (byte)'m':
                MemoryPackets.Read(_context);
                break;
            case (byte)'M' or (byte)'X':
                MemoryPackets.Write(_context, binary: _context.Buffers.Input[0] == 'X');
                break;
            case (byte)'q':
                QueryPackets.Answer(_context);
                break;
            case (byte)'H':
                ThreadPackets.Select(_context);
                break;
            case (byte)'T':
                ThreadPackets.IsAlive(_context);
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// gdb_cmd_exception_pass: C09 and C15 by their text. The packet becomes a c with the signal still behind it, which is then taken for
    /// an address.
    /// </summary>
    private void PassSignal()
    {
        Span<byte> input = _context.Buffers.Input;
        if (input[1..].StartsWith("15"u8))
        {
            _context.PassException = true;
            input[0] = (byte)'D';
            _context.Core.RemoveAllBreakpoints();
            _context.Connected = false;
            Leave();
            return;
        }

        if (input[1..].StartsWith("09"u8))
        {
            _context.PassException = true;
            input[0] = (byte)'c';
            Resume();
            return;
        }

        _console.Begin("KGDB only knows signal 9 (pass) and 15 (pass and disconnect)\nExecuting a continue without signal passing\n"u8);
        _pending = Pending.SignalMessage;
        _console.SendNext();
    }

    private void Detach()
    {
        int error = _context.Core.RemoveAllBreakpoints();
        if (_context.Buffers.Input[0] == 'k')
        {
            _context.Connected = false;
            Leave();
            return;
        }

        _context.Connected &= error != 0;
        _context.Buffers.Result(error);
        _pending = Pending.Detach;
        Reply();
    }

    private void Resume()
    {
        if (ResumePackets.Refuse(_context))
        {
            Reply();
        }
        else
        {
            Leave();
        }
    }

    private void Leave()
    {
        ResumePackets.Prepare(_context);
        Finish(_context.PassException ? StubDemand.ResumeAndPass : StubDemand.Resume);
    }

    private void Finish(StubDemand demand)
    {
        _pending = Pending.NextPacket;
        Demand = demand;
        Listens = false;
    }

    private void Reply() => _sender.Send(_context.Buffers.Reply);

    private bool PacketIs(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> input = _context.Buffers.Input;
        return input.StartsWith(text) && input[text.Length] == 0;
    }
}
