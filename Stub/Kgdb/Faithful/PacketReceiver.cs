namespace KgdbSim.Stub.Kgdb.Faithful;

/// <summary>
/// get_packet of kernel/debug/gdbstub.c@6.1, one byte at a time. A <c>$</c> inside is data; 1023 bytes without <c>#</c> end the packet
/// with neither <c>+</c> nor <c>-</c>, and it is dropped unless their sum happens to be ff.
/// </summary>
internal sealed class PacketReceiver(RemcomBuffers buffers)
{
    private enum Place
    {
        Start,
        Payload,
        ChecksumHigh,
        ChecksumLow,
    }

    private Place _place;
    private int _count;
    private byte _sum;
    private byte _sent;

    /// <summary>Sees one byte.</summary>
    /// <param name="answer">The acknowledgement to send: + or -, or 0 for none.</param>
    /// <param name="started">Whether this byte was the <c>$</c> that begins a packet.</param>
    /// <returns>Whether the packet in the buffer is to be handled.</returns>
    public bool Receive(byte value, out byte answer, out bool started)
    {
        answer = 0;
        started = false;
        switch (_place)
        {
            case Place.Start:
                started = value == '$';
                _place = started ? Place.Payload : Place.Start;
                _count = 0;
                _sum = 0;
                return false;
            case Place.Payload:
                return ReceivePayload(value);
            case Place.ChecksumHigh:
                _sent = (byte)(HexText.Value(value) << 4);
                _place = Place.ChecksumLow;
                return false;
            default:
                _sent += (byte)HexText.Value(value);
                answer = (byte)(_sent == _sum ? '+' : '-');
                return Finish();
        }
    }

    private bool ReceivePayload(byte value)
    {
        if (value == '#')
        {
            _place = Place.ChecksumHigh;
            return false;
        }

        _sum += value;
        buffers.Input[_count++] = value;
        if (_count < RemcomBuffers.Size - 1)
        {
            return false;
        }

        // No checksum was read: it is still what it was initialised to.
        _sent = 0xff;
        return Finish();
    }

    private bool Finish()
    {
        buffers.Input[_count] = 0;
        _place = Place.Start;
        return _sent == _sum;
    }
}
