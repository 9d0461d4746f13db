using System.Buffers.Binary;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Embedding;

/// <summary>
/// The page at which a start-up IPI lets a CPU begin in real mode, and the way from there to 64-bit mode: through 32-bit
/// protected mode, then paging (SDM vol. 3A, 11.8.5, "Initializing IA-32e Mode").
/// </summary>
internal static class StartTrampoline
{
    /// <summary>Its physical address: page 8, which the start-up IPI names as vector 8.</summary>
    public const uint Address = 0x8000;

    private const uint ProtectedOffset = 0x80;
    private const uint TableOffset = 0x100;
    private const uint PointerOffset = 0x140;
    private const int Size = 0x148;

    private const ushort Code64 = 0x08;
    private const ushort Data = 0x10;
    private const ushort Code32 = 0x18;

    /// <summary>Builds the page.</summary>
    /// <param name="pageTable">Physical address of the page map to switch on, below 4 GiB.</param>
    /// <param name="entry">Where to go in 64-bit mode, below 4 GiB.</param>
    public static byte[] Build(ulong pageTable, ulong entry)
    {
        byte[] page = new byte[Size];
        Assemble(RealMode(), Address).CopyTo(page, 0);
        Assemble(ProtectedMode((uint)pageTable, (uint)entry), Address + ProtectedOffset).CopyTo(page, (int)ProtectedOffset);
        ReadOnlySpan<ulong> descriptors =
        [
            0,
            0x00af_9b00_0000_ffff,
            0x00cf_9300_0000_ffff,
            0x00cf_9b00_0000_ffff,
        ];
        Span<byte> table = page.AsSpan((int)TableOffset);
        for (int i = 0; i < descriptors.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(table[(i * sizeof(ulong))..], descriptors[i]);
        }

        Span<byte> pointer = page.AsSpan((int)PointerOffset);
        BinaryPrimitives.WriteUInt16LittleEndian(pointer, (ushort)((descriptors.Length * sizeof(ulong)) - 1));
        BinaryPrimitives.WriteUInt32LittleEndian(pointer[2..], Address + TableOffset);
        return page;
    }

    private static Assembler RealMode()
    {
        Assembler c = new(16);
        c.cli();
        c.cld();
        c.xor(ax, ax);
        c.mov(ds, ax);

        // Data segment 0 starts at 0, so that the offset is the address.
        c.lgdt(__[(int)(Address + PointerOffset)]);
        c.mov(eax, cr0);
        c.or(al, 1);
        c.mov(cr0, eax);
        c.jmp(Code32, Address + ProtectedOffset);
        return c;
    }

    private static Assembler ProtectedMode(uint pageTable, uint entry)
    {
        const uint PhysicalAddressExtension = 0x20;
        const uint SseEnabled = 0x600;
        const uint ExtendedFeatures = 0xc000_0080;
        const uint LongModeEnable = 0x100;
        const uint CacheOff = 0x6000_0000;
        const uint PagingAndProtection = 0x8000_0003;
        Assembler c = new(32);
        c.mov(eax, (uint)Data);
        c.mov(ds, eax);
        c.mov(es, eax);
        c.mov(ss, eax);
        c.mov(eax, pageTable);
        c.mov(cr3, eax);
        c.mov(eax, cr4);
        c.or(eax, PhysicalAddressExtension | SseEnabled);
        c.mov(cr4, eax);
        c.mov(ecx, ExtendedFeatures);
        c.rdmsr();
        c.or(eax, LongModeEnable);
        c.wrmsr();
        c.mov(eax, cr0);
        c.and(eax, ~(CacheOff | 4u));
        c.or(eax, PagingAndProtection);
        c.mov(cr0, eax);
        c.jmp(Code64, entry);
        return c;
    }

    private static byte[] Assemble(Assembler code, ulong address)
    {
        MemoryStream bytes = new();
        code.Assemble(new StreamCodeWriter(bytes), address);
        return bytes.ToArray();
    }
}
