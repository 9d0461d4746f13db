namespace KgdbSim.Stub.Binding.Capabilities;

/// <summary>What a range of physical addresses is.</summary>
internal enum PhysicalRegionKind : byte
{
    /// <summary>Readable and writable memory.</summary>
    Ram,

    /// <summary>Memory that the guest cannot write.</summary>
    Rom,

    /// <summary>Device registers.</summary>
    Device,
}

/// <summary>A range of physical addresses, in bytes.</summary>
internal readonly record struct PhysicalRegion(ulong Start, ulong Length, PhysicalRegionKind Kind, string Name);

/// <summary>Where the machine has what.</summary>
internal interface IMemoryMap
{
    /// <summary>The regions by ascending address, not overlapping.</summary>
    IReadOnlyList<PhysicalRegion> Regions { get; }
}
