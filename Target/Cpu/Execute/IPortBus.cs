namespace KgdbSim.Target.Cpu.Execute;

/// <summary>The I/O port space of the machine.</summary>
internal interface IPortBus
{
    /// <param name="size">1, 2 or 4 bytes; ports without a device read as all ones.</param>
    uint Read(CpuCore cpu, ushort port, int size);

    /// <inheritdoc cref="Read"/>
    void Write(CpuCore cpu, ushort port, int size, uint value);
}

/// <summary>Physical addresses that are not RAM, as one processor sees them.</summary>
internal interface IDeviceMemory
{
    /// <summary>A device page lies over RAM here (the local APIC's page).</summary>
    bool Claims(CpuCore cpu, ulong physical);

    /// <param name="size">1, 2, 4 or 8 bytes; where nothing answers, all ones.</param>
    ulong Read(CpuCore cpu, ulong physical, int size);

    /// <inheritdoc cref="Read"/>
    void Write(CpuCore cpu, ulong physical, int size, ulong value);
}
