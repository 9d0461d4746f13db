namespace KgdbSim.Stub.Binding.Capabilities;

/// <summary>What a range of physical addresses is.</summary>
internal enum MemoryRegionKind : byte
{
    /// <summary>Readable and writable memory.</summary>
    Ram,

    /// <summary>Memory that the guest cannot write.</summary>
    Rom,

    /// <summary>Device registers.</summary>
    Device,
}

/// <summary>A range of physical addresses, in bytes.</summary>
internal readonly record struct MemoryRegion(ulong Start, ulong Length, MemoryRegionKind Kind, string Name);

/// <summary>Where the machine has what.</summary>
internal interface IMemoryMap
{
    /// <summary>The regions by ascending address, not overlapping.</summary>
    IReadOnlyList<MemoryRegion> Regions { get; }
}
