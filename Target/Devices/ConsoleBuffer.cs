namespace KgdbSim.Target.Devices;

/// <summary>What the guest has printed and nobody has taken yet.</summary>
internal sealed class ConsoleBuffer
{
    private byte[] _bytes = new byte[256];
    private int _count;

    public ReadOnlySpan<byte> Pending => _bytes.AsSpan(0, _count);

    public void Discard() => _count = 0;

    public void Write(byte value)
    {
        if (_count == _bytes.Length)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }

        _bytes[_count++] = value;
    }
}
