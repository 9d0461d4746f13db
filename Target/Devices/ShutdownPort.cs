namespace KgdbSim.Target.Devices;

/// <summary>Port 0x8900: the bytes of "Shutdown" written one after the other end the machine with exit code 0, as in Bochs.</summary>
internal sealed class ShutdownPort(Action<int> exit) : IPortDevice
{
    public const ushort Port = 0x8900;

    private int _matched;

    private static ReadOnlySpan<byte> Word => "Shutdown"u8;

    public uint Read(ushort port, int size) => uint.MaxValue;

    public void Write(ushort port, int size, uint value)
    {
        byte data = (byte)value;
        _matched = data == Word[_matched] ? _matched + 1 : data == Word[0] ? 1 : 0;
        if (_matched == Word.Length)
        {
            _matched = 0;
            exit(0);
        }
    }
}
