using System.Buffers;
using KgdbSim.Protocol.Framing;
using KgdbSim.Protocol.Replies;

namespace KgdbSim.Stub.Session;

/// <summary>
/// Frames and acknowledgements of one connection (GDB manual, "Overview" and "Packet Acknowledgment" of the remote
/// protocol). Bytes go to the output's buffer; whoever owns it flushes.
/// </summary>
internal sealed class PacketLink(IBufferWriter<byte> output, IWireTrace? trace)
{
    private bool _acknowledges = true;
    private bool _stopsAcknowledging;
    private bool _hasSent;

    /// <summary>The reply under construction; after sending, what was sent last, in case it must be sent again.</summary>
    public ReplyWriter Reply { get; } = new(0x1000);

    /// <summary>Finds frames in what arrives.</summary>
    public PacketFramer Framer { get; } = new(PacketFramer.DefaultPayloadMax);

    /// <summary>Sends the reply.</summary>
    public void Send()
    {
        trace?.Sent(Reply.Written);
        Write();
        if (_stopsAcknowledging)
        {
            _acknowledges = false;
            _stopsAcknowledging = false;
        }
    }

    /// <summary>Says that a packet arrived whole.</summary>
    public void Acknowledge()
    {
        if (_acknowledges)
        {
            new FrameWriter(output, encodeRuns: false).Ack();
        }
    }

    /// <summary>Asks for a packet that arrived broken again; without acknowledgements it counts as never sent.</summary>
    /// <remarks>
    /// A truncated one is not asked for: what cut it is the start of the next, most likely its repetition, and answering
    /// both would put the debugger one reply behind.
    /// </remarks>
    public void AskAgain(FrameError error)
    {
        if (_acknowledges && error is (FrameError.BadChecksum or FrameError.BadChecksumDigits))
        {
            new FrameWriter(output, encodeRuns: false).Nak();
        }
    }

    /// <summary>The debugger asks for the last packet again.</summary>
    public void Resend()
    {
        if (_acknowledges && _hasSent)
        {
            Write();
        }
    }

    /// <summary>Ends acknowledgements once the reply under construction has been sent.</summary>
    public void StopAcknowledging() => _stopsAcknowledging = true;

    private void Write()
    {
        new FrameWriter(output, encodeRuns: false).Packet(Reply.Written);
        _hasSent = true;
    }
}
