namespace KgdbSim.Stub.Kgdb.Faithful;

/// <summary>
/// gdbstub_msg_write of kernel/debug/gdbstub.c@6.1: text as <c>O</c> packets of at most 511 bytes, each acknowledged before the next.
/// </summary>
internal sealed class ConsoleMessage(PacketSender sender)
{
    private const int BytesPerPacket = (RemcomBuffers.Size - 2) / 2;

    private readonly byte[] _packet = new byte[1 + (2 * BytesPerPacket)];
    private readonly Queue<byte[]> _more = new();
    private byte[] _text = [];
    private int _position;

    /// <summary>Begins a text; <see cref="SendNext"/> sends it.</summary>
    public void Begin(ReadOnlySpan<byte> text)
    {
        _more.Clear();
        _text = text.ToArray();
        _position = 0;
    }

    /// <summary>Another text, in packets of its own.</summary>
    public void Append(byte[] text) => _more.Enqueue(text);

    /// <returns>False when all has been sent.</returns>
    public bool SendNext()
    {
        while (_position == _text.Length && _more.TryDequeue(out byte[]? next))
        {
            _text = next;
            _position = 0;
        }

        int count = Math.Min(_text.Length - _position, BytesPerPacket);
        if (count == 0)
        {
            return false;
        }

        _packet[0] = (byte)'O';
        for (int i = 0; i < count; i++)
        {
            _packet[1 + (2 * i)] = HexText.Digit(_text[_position + i] >> 4);
            _packet[2 + (2 * i)] = HexText.Digit(_text[_position + i]);
        }

        _position += count;
        sender.Send(_packet.AsSpan(0, 1 + (2 * count)));
        return true;
    }
}
