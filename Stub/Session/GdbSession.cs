using System.Buffers;
using KgdbSim.Protocol.Framing;
using KgdbSim.Protocol.Text;
using KgdbSim.Stub.Binding;

namespace KgdbSim.Stub.Session;

/// <summary>
/// One debugger's session as a pure state machine: bytes go in, bytes come out into a buffer, and <see cref="Demand"/> says
/// what the loop around it should do next. It has no thread, no socket and no clock, and answering allocates nothing.
/// </summary>
internal sealed class GdbSession
{
    private readonly SessionContext _context;
    private readonly IWireTrace? _trace;
    private SessionState _state;

    /// <summary>Begins a session with a machine that stands.</summary>
    /// <param name="control">The machine.</param>
    /// <param name="output">Where replies are written; the loop flushes it.</param>
    /// <param name="monitor">The commands behind <c>monitor</c>.</param>
    /// <param name="trace">Sees every packet; may be missing.</param>
    public GdbSession(
        MachineControl control, IBufferWriter<byte> output, Monitor.MonitorCommands monitor, IWireTrace? trace)
    {
        _trace = trace;
        _context = new SessionContext(control, new PacketLink(output, trace));
        _context.Focus(control.FocusCpu);
        _context.HasProcess = control.Phase != MachinePhase.Exited;

        // Points of a debugger that went without removing them would stop the machine for reasons this one cannot know.
        control.ForgetPoints();
        _state = new SessionStates(_context, new PacketHandlers(_context, monitor)).Idle;
    }

    /// <summary>What the loop should do next.</summary>
    public SessionDemand Demand => _state.Demand;

    /// <summary>Takes in what arrived.</summary>
    /// <param name="input">Everything received and not yet consumed.</param>
    /// <param name="consumed">Where the bytes still needed begin.</param>
    /// <param name="examined">How far they were looked at.</param>
    public void Receive(ReadOnlySequence<byte> input, out SequencePosition consumed, out SequencePosition examined)
    {
        while (_context.Link.Framer.TryRead(input, out Frame frame, out consumed, out examined))
        {
            Handle(frame);
            input = input.Slice(consumed);
        }
    }

    /// <summary>A slice that was demanded has been run.</summary>
    public void SliceEnded(RunResult result) => _state = _state.OnSliceEnded(result);

    /// <summary>Shows what the guest printed, which gdb takes while it waits for a stop.</summary>
    /// <returns>Whether the debugger could be told.</returns>
    public bool TryPrint(ReadOnlySpan<byte> text)
    {
        if (!_state.AwaitsStop)
        {
            return false;
        }

        Protocol.Replies.ConsoleOutput.Write(_context.Link.Reply, text);
        _context.Link.Send();
        return true;
    }

    private void OnBadFrame(FrameError error)
    {
        _trace?.Note($"not a packet: {error}");
        if (error == FrameError.Oversize)
        {
            // It is known to be too long before it is known whether it is intact, so that asking for it again is no help.
            _context.Link.Acknowledge();
            _context.Link.Reply.WriteError(ErrorNumber.TooBig, "the packet is longer than PacketSize"u8);
            _context.Link.Send();
        }
        else
        {
            _context.Link.AskAgain(error);
        }
    }

    private void Handle(Frame frame)
    {
        switch (frame.Kind)
        {
            case FrameKind.Packet:
                _trace?.Received(frame.Payload);
                _context.Link.Acknowledge();
                _state = _state.OnPacket(frame.Payload);
                break;
            case FrameKind.Interrupt:
                _trace?.Note("Ctrl-C");
                _state = _state.OnInterrupt();
                break;
            case FrameKind.Nak:
                _context.Link.Resend();
                break;
            case FrameKind.Error:
                OnBadFrame(frame.Error);
                break;
        }
    }
}
