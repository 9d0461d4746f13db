using System.Buffers.Binary;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Loading;

/// <summary>
/// What stands at the top of memory before a guest runs: page tables that map the first 512 GiB onto themselves, a
/// descriptor table, start information, and below them a stack for each processor that starts.
/// </summary>
internal sealed class BootTables
{
    public const ushort CodeSelector64 = 0x08;
    public const ushort DataSelector = 0x10;
    public const ushort CodeSelector32 = 0x18;

    private const ulong StackBytes = 64 << 10;
    private const ulong TableBytes = 4 * PhysicalPage.Size;
    private const ulong PresentWritable = 3;
    private const ulong LargePage = 0x80;

    private readonly ulong _top;

    /// <param name="memorySize">Bytes of RAM.</param>
    /// <param name="stacks">Processors that need a stack.</param>
    public BootTables(ulong memorySize, int stacks)
    {
        // The APIC's page at 0xFEE00000 and what may be above 4 GiB must not separate the tables from their stacks.
        _top = Math.Min(memorySize, 0xC000_0000);
        First = _top - TableBytes - (StackBytes * (ulong)stacks);
    }

    /// <summary>First byte in use: guest segments must end below it.</summary>
    public ulong First { get; }

    public ulong PageMapLevel4 => _top - PhysicalPage.Size;

    private ulong DirectoryPointers => _top - (2 * PhysicalPage.Size);

    public ulong DescriptorTable => _top - (3 * PhysicalPage.Size);

    /// <summary>Limit of the descriptor table.</summary>
    public const ushort DescriptorLimit = (4 * 8) - 1;

    /// <summary>A page for the boot protocol's information.</summary>
    public ulong Information => _top - (4 * PhysicalPage.Size);

    /// <summary>Initial stack pointer of a processor: 16-byte aligned, as if a return address had just been popped.</summary>
    public ulong StackTop(int cpu) => _top - TableBytes - (StackBytes * (ulong)cpu);

    public void Write(PhysicalMemory memory)
    {
        Span<byte> page = stackalloc byte[PhysicalPage.Size];
        page.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(page, DirectoryPointers | PresentWritable);
        memory.Write(PageMapLevel4, page);
        for (int i = 0; i < 512; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(page[(8 * i)..], ((ulong)i << 30) | PresentWritable | LargePage);
        }

        memory.Write(DirectoryPointers, page);
        page.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(page[8..], 0x00AF_9B00_0000_FFFF);
        BinaryPrimitives.WriteUInt64LittleEndian(page[16..], 0x00CF_9300_0000_FFFF);
        BinaryPrimitives.WriteUInt64LittleEndian(page[24..], 0x00CF_9B00_0000_FFFF);
        memory.Write(DescriptorTable, page);
    }
}
