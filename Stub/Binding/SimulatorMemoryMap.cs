using KgdbSim.Stub.Binding.Capabilities;
using KgdbSim.Target.Memory;

namespace KgdbSim.Stub.Binding;

/// <summary>RAM from 0, with the local APIC's page in front of whatever RAM lies under it.</summary>
internal sealed class SimulatorMemoryMap : IMemoryMap
{
    private const ulong ApicAddress = 0xfee0_0000;

    /// <summary>The map of a machine with so many bytes of RAM.</summary>
    public SimulatorMemoryMap(ulong size)
    {
        PhysicalRegion apic = new(ApicAddress, PhysicalPage.Size, PhysicalRegionKind.Device, "local APIC");
        List<PhysicalRegion> regions = [new(0, Math.Min(size, ApicAddress), PhysicalRegionKind.Ram, "RAM"), apic];
        ulong behind = ApicAddress + PhysicalPage.Size;
        if (size > behind)
        {
            regions.Add(new PhysicalRegion(behind, size - behind, PhysicalRegionKind.Ram, "RAM"));
        }

        Regions = regions;
    }

    /// <inheritdoc/>
    public IReadOnlyList<PhysicalRegion> Regions { get; }
}
