using KgdbSim.Stub.Binding.Capabilities;

namespace KgdbSim.Stub.Monitor;

/// <summary>The physical memory map.</summary>
internal sealed class MemoryCommand : IMonitorCommand
{
    /// <inheritdoc/>
    public string Name => "memory";

    /// <inheritdoc/>
    public string Arguments => "";

    /// <inheritdoc/>
    public string Summary => "the physical memory map";

    /// <inheritdoc/>
    public string? Execute(MonitorContext context, ReadOnlySpan<string> arguments)
    {
        if (context.Control.Target.MemoryMap is not { } map)
        {
            context.Output.WriteLine("this machine does not tell");
            return null;
        }

        foreach (PhysicalRegion region in map.Regions)
        {
            string kind = region.Kind switch
            {
                PhysicalRegionKind.Ram => "ram",
                PhysicalRegionKind.Rom => "rom",
                _ => "device",
            };
            ulong last = region.Start + region.Length - 1;
            context.Output.WriteLine($"{region.Start:x16}-{last:x16}  {kind,-6}  {region.Name}");
        }

        return null;
    }
}
