namespace KgdbSim.Target.Devices;

/// <summary>Port 0xE9: every byte written is printed; reading gives 0xE9, by which guests detect it (Bochs, QEMU isa-debugcon).</summary>
internal sealed class DebugConsole(ConsoleBuffer output) : IPortDevice
{
    public const ushort Port = 0xE9;

    public uint Read(ushort port, int size) => Port;

    public void Write(ushort port, int size, uint value)
    {
        for (int i = 0; i < size; i++)
        {
            output.Write((byte)(value >> (8 * i)));
        }
    }
}
