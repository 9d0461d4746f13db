namespace KgdbSim.Target.Devices;

/// <summary>Port 0xF4: ends the machine with exit code <c>(value &lt;&lt; 1) | 1</c>, as QEMU's isa-debug-exit does.</summary>
internal sealed class ExitPort(Action<int> exit) : IPortDevice
{
    public const ushort FirstPort = 0xF4;
    public const int PortCount = 4;

    public uint Read(ushort port, int size) => 0;

    public void Write(ushort port, int size, uint value) => exit((int)((value << 1) | 1) & 0xFF);
}
