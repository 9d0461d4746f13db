using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>qMemoryRegionInfo:addr</c>: asks about the memory around an address. The answer is <c>start:addr;size:length;</c>, then
/// <c>permissions:</c> with <c>r</c>, <c>w</c> and <c>x</c> unless nothing is mapped there, and <c>name:</c> with a name in hexadecimal
/// (LLDB, "GDB Remote Protocol Extensions").
/// </summary>
public readonly ref struct MemoryRegionInfo : IPacket<MemoryRegionInfo>
{
    private MemoryRegionInfo(ulong address)
    {
        Address = address;
    }

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "qMemoryRegionInfo:"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("qMemoryRegionInfo:addr", "what memory is around an address, for lldb");

    /// <summary>An address in the region.</summary>
    public ulong Address { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out MemoryRegionInfo packet)
    {
        bool valid = reader.TryNumber(out ulong address) && reader.TryEnd();
        packet = new MemoryRegionInfo(address);
        return valid;
    }
}
