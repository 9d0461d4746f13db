using System.Buffers;

namespace KgdbSim.Stub.Kgdb.Faithful;

/// <summary>put_packet of kernel/debug/gdbstub.c@6.1: sends, and sends again, until the other side says + or begins a packet of its own.</summary>
internal sealed class PacketSender(IBufferWriter<byte> wire)
{
    private readonly byte[] _payload = new byte[80 * 1024];
    private int _length;
    private bool _afterInterrupt;

    /// <summary>Whether a packet waits for its acknowledgement.</summary>
    public bool Waiting { get; private set; }

    public void Send(ReadOnlySpan<byte> payload)
    {
        payload.CopyTo(_payload);
        _length = payload.Length;
        Waiting = true;
        Transmit();
    }

    /// <summary>Sees the byte that came instead of an acknowledgement, or the acknowledgement.</summary>
    public void Receive(byte value)
    {
        if (value == 3 && !_afterInterrupt)
        {
            _afterInterrupt = true;
            return;
        }

        _afterInterrupt = false;
        switch (value)
        {
            case (byte)'+':
                Waiting = false;
                break;
            case (byte)'$':
                // A debugger that attaches anew: its packet is refused, and this one forgotten.
                WriteByte((byte)'-');
                Waiting = false;
                break;
            default:
                Transmit();
                break;
        }
    }

    public void WriteByte(byte value)
    {
        wire.GetSpan(1)[0] = value;
        wire.Advance(1);
    }

    /// <summary>A packet for which no acknowledgement is awaited.</summary>
    public void SendAndForget(ReadOnlySpan<byte> payload)
    {
        payload.CopyTo(_payload);
        _length = payload.Length;
        Transmit();
    }

    private void Transmit()
    {
        Span<byte> bytes = wire.GetSpan(_length + 4);
        bytes[0] = (byte)'$';
        byte sum = 0;
        for (int i = 0; i < _length; i++)
        {
            bytes[i + 1] = _payload[i];
            sum += _payload[i];
        }

        bytes[_length + 1] = (byte)'#';
        bytes[_length + 2] = HexText.Digit(sum >> 4);
        bytes[_length + 3] = HexText.Digit(sum & 15);
        wire.Advance(_length + 4);
    }
}
