using System.Text;

namespace KgdbSim.Protocol.TargetDescription;

/// <summary>What gdb may expect of a range of addresses.</summary>
public enum MemoryRegionKind
{
    /// <summary>Readable and writable.</summary>
    Ram,

    /// <summary>Readable; gdb sets hardware breakpoints there of its own accord.</summary>
    Rom,
}

/// <summary>A range of addresses of one kind.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">The first address.</param>
/// <param name="Length">How many bytes, at least 1; the range must not wrap around.</param>
public readonly record struct MemoryRegion(MemoryRegionKind Kind, ulong Start, ulong Length);

/// <summary>
/// Renders a memory map (GDB manual, "Memory Map Format"). gdb refuses to access what the map leaves out, by any
/// address it uses; under paging that means virtual addresses, so a map of physical memory alone would lock it out.
/// </summary>
public static class MemoryMapXml
{
    /// <summary>Renders the document, in UTF-8.</summary>
    public static byte[] Render(params ReadOnlySpan<MemoryRegion> regions)
    {
        var text = new StringBuilder();
        text.Append("<?xml version=\"1.0\"?>\n<!DOCTYPE memory-map PUBLIC ");
        text.Append("\"+//IDN gnu.org//DTD GDB Memory Map V1.0//EN\" ");
        text.Append("\"http://sourceware.org/gdb/gdb-memory-map.dtd\">\n");
        text.Append("<memory-map>\n");
        foreach (MemoryRegion region in regions)
        {
            string kind = region.Kind == MemoryRegionKind.Ram ? "ram" : "rom";
            text.Append($"  <memory type=\"{kind}\" start=\"0x{region.Start:x}\" length=\"0x{region.Length:x}\"/>\n");
        }

        text.Append("</memory-map>\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
