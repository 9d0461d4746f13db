using System.Buffers.Binary;
using KgdbSim.Target.Machine;

namespace KgdbSim.Target.Loading;

/// <summary>Puts an image into memory and the processors at its entry.</summary>
internal static class BootLoader
{
    /// <summary>Where a relocatable image is put when its segments are linked from 0.</summary>
    private const ulong RelocatableBase = 0x10_0000;

    /// <summary>Loads the image; returns how far it was moved from its link address.</summary>
    /// <exception cref="ElfFormatException">It doesn't fit, or lacks what the boot protocol needs.</exception>
    public static ulong Load(SmpMachine machine, ElfImage image)
    {
        MachineOptions options = machine.Options;
        var tables = new BootTables(options.Memory, options.StartAll ? options.CpuCount : 1);
        ulong bias = image.Relocatable && image.Segments[0].Physical < RelocatableBase ? RelocatableBase : 0;
        foreach (ElfSegment segment in image.Segments)
        {
            Place(machine, image, segment, bias, tables.First);
        }

        tables.Write(machine.Memory);
        switch (options.Boot)
        {
            case BootProtocol.Pvh:
                uint pvh = image.PvhEntry ?? throw Missing("a Xen PVH note (XEN_ELFNOTE_PHYS32_ENTRY)");
                machine.Memory.Write(tables.Information, BootInformation.Pvh());
                BootState.Enter32(machine[0].Core, tables, pvh + (uint)bias, 0, (uint)tables.Information);
                break;
            case BootProtocol.Multiboot:
                uint entry = MultibootEntry(image);
                machine.Memory.Write(tables.Information, BootInformation.Multiboot(options.Memory));
                BootState.Enter32(machine[0].Core, tables, entry, 0x2BAD_B002, (uint)tables.Information);
                break;
            default:
                for (int i = 0; i < (options.StartAll ? options.CpuCount : 1); i++)
                {
                    BootState.Enter64(machine[i].Core, tables, image.Entry + bias, i);
                }

                break;
        }

        return bias;
    }

    private static void Place(SmpMachine machine, ElfImage image, ElfSegment segment, ulong bias, ulong limit)
    {
        ulong start = segment.Physical + bias;
        if (start >= limit || limit - start < segment.MemorySize)
        {
            throw new ElfFormatException(
                ElfError.SegmentOutsideMemory,
                $"0x{start:x}..0x{start + segment.MemorySize - 1:x}, memory for guests ends at 0x{limit - 1:x}");
        }

        machine.Memory.Write(start, image.File.Span.Slice((int)segment.Offset, (int)segment.FileSize));
    }

    // Multiboot flag 16: the header's own entry address counts, else the ELF's (0.6.96, 3.1.3).
    private static uint MultibootEntry(ElfImage image)
    {
        int offset = image.MultibootOffset ?? throw Missing("a Multiboot header in its first 8192 bytes");
        ReadOnlySpan<byte> header = image.File.Span[offset..];
        uint flags = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        return (flags & 0x1_0000) != 0 && header.Length >= 32
            ? BinaryPrimitives.ReadUInt32LittleEndian(header[28..])
            : (uint)image.ToPhysical(image.Entry);
    }

    private static ElfFormatException Missing(string what) => new(ElfError.NoBootHeader, $"the image has not {what}");
}
