namespace KgdbSim.Target.Memory;

/// <summary>A device that answers loads and stores at physical addresses.</summary>
internal interface IMmioDevice
{
    /// <param name="offset">Bytes from the device's base.</param>
    /// <param name="size">1, 2, 4 or 8.</param>
    ulong Read(ulong offset, int size);

    /// <inheritdoc cref="Read"/>
    void Write(ulong offset, int size, ulong value);
}
