namespace KgdbSim.Target.Devices;

/// <summary>A device in I/O port space.</summary>
internal interface IPortDevice
{
    /// <param name="port">Absolute port number.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    uint Read(ushort port, int size);

    /// <inheritdoc cref="Read"/>
    void Write(ushort port, int size, uint value);
}
