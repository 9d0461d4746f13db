using System.Buffers.Binary;

namespace KgdbSim.Target.Loading;

/// <summary>Reads ELF64 executables for x86-64; whatever is wrong with one is a named error.</summary>
internal static class ElfReader
{
    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;
    private const int MachineX64 = 62;
    private const int TypeExecutable = 2;
    private const int TypeDynamic = 3;
    private const uint Load = 1;
    private const uint Interpreter = 3;
    private const uint Note = 4;

    /// <summary>XEN_ELFNOTE_PHYS32_ENTRY (Xen public header elfnote.h).</summary>
    private const uint PvhNote = 18;

    private const uint MultibootMagic = 0x1BAD_B002;

    /// <exception cref="ElfFormatException">The file is not one that can be loaded.</exception>
    public static ElfImage Read(ReadOnlyMemory<byte> file)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        CheckHeader(bytes);
        bool dynamic = BinaryPrimitives.ReadUInt16LittleEndian(bytes[16..]) == TypeDynamic;
        ulong entry = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
        ulong table = BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]);
        int entrySize = BinaryPrimitives.ReadUInt16LittleEndian(bytes[54..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(bytes[56..]);
        if (count == 0 || entrySize < ProgramHeaderSize || table > (ulong)bytes.Length
            || (ulong)bytes.Length - table < (ulong)(entrySize * count))
        {
            throw new ElfFormatException(
                ElfError.BadProgramHeaders, $"{count} entries of {entrySize} bytes at offset 0x{table:x}, file has {bytes.Length} bytes");
        }

        List<ElfSegment> segments = [];
        uint? pvh = null;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> header = bytes.Slice((int)table + (i * entrySize), ProgramHeaderSize);
            switch (BinaryPrimitives.ReadUInt32LittleEndian(header))
            {
                case Load:
                    AddSegment(segments, Segment(header), i, bytes.Length);
                    break;
                case Interpreter:
                    throw new ElfFormatException(ElfError.NeedsInterpreter, $"program header {i} is PT_INTERP");
                case Note:
                    pvh ??= FindPvh(bytes, Segment(header));
                    break;
            }
        }

        Order(segments);
        if (!segments.Exists(s => s.ContainsVirtual(entry) || s.ContainsPhysical(entry)))
        {
            throw new ElfFormatException(ElfError.EntryOutsideSegments, $"e_entry 0x{entry:x}");
        }

        return new ElfImage
        {
            File = file,
            Entry = entry,
            Relocatable = dynamic,
            Segments = segments,
            PvhEntry = pvh,
            MultibootOffset = FindMultiboot(bytes),
        };
    }

    private static ReadOnlySpan<byte> Magic => [0x7F, (byte)'E', (byte)'L', (byte)'F'];

    private static void CheckHeader(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 4 && !bytes.StartsWith(Magic))
        {
            throw new ElfFormatException(ElfError.NotElf, $"begins with {Convert.ToHexStringLower(bytes[..4])}");
        }

        if (bytes.Length < HeaderSize)
        {
            throw new ElfFormatException(ElfError.TruncatedHeader, $"{bytes.Length} bytes, the header has {HeaderSize}");
        }

        if (bytes[4] != 2)
        {
            throw new ElfFormatException(ElfError.Not64Bit, $"EI_CLASS is {bytes[4]}, not 2 (ELFCLASS64)");
        }

        if (bytes[5] != 1)
        {
            throw new ElfFormatException(ElfError.NotLittleEndian, $"EI_DATA is {bytes[5]}, not 1 (ELFDATA2LSB)");
        }

        int machine = BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]);
        if (machine != MachineX64)
        {
            throw new ElfFormatException(ElfError.WrongMachine, $"e_machine is {machine}, not {MachineX64} (EM_X86_64)");
        }

        int type = BinaryPrimitives.ReadUInt16LittleEndian(bytes[16..]);
        if (type is not (TypeExecutable or TypeDynamic))
        {
            throw new ElfFormatException(ElfError.NotExecutable, $"e_type is {type}, not ET_EXEC (2) or ET_DYN (3)");
        }
    }

    private static ElfSegment Segment(ReadOnlySpan<byte> header) => new(
        Offset: BinaryPrimitives.ReadUInt64LittleEndian(header[8..]),
        FileSize: BinaryPrimitives.ReadUInt64LittleEndian(header[32..]),
        Physical: BinaryPrimitives.ReadUInt64LittleEndian(header[24..]),
        Virtual: BinaryPrimitives.ReadUInt64LittleEndian(header[16..]),
        MemorySize: BinaryPrimitives.ReadUInt64LittleEndian(header[40..]));

    private static void AddSegment(List<ElfSegment> segments, ElfSegment segment, int index, int fileLength)
    {
        if (segment.MemorySize == 0)
        {
            return;
        }

        if (segment.FileSize > segment.MemorySize
            || segment.Physical > ulong.MaxValue - segment.MemorySize
            || segment.Virtual > ulong.MaxValue - segment.MemorySize)
        {
            throw new ElfFormatException(
                ElfError.BadSegmentSize,
                $"program header {index}: p_paddr 0x{segment.Physical:x}, p_filesz 0x{segment.FileSize:x}, p_memsz 0x{segment.MemorySize:x}");
        }

        if (segment.Offset > (ulong)fileLength || (ulong)fileLength - segment.Offset < segment.FileSize)
        {
            throw new ElfFormatException(
                ElfError.TruncatedSegment,
                $"program header {index}: 0x{segment.FileSize:x} bytes at offset 0x{segment.Offset:x}, file has 0x{fileLength:x}");
        }

        segments.Add(segment);
    }

    private static void Order(List<ElfSegment> segments)
    {
        if (segments.Count == 0)
        {
            throw new ElfFormatException(ElfError.NothingToLoad, "no PT_LOAD segment with a size");
        }

        segments.Sort((a, b) => a.Physical.CompareTo(b.Physical));
        for (int i = 1; i < segments.Count; i++)
        {
            ElfSegment before = segments[i - 1];
            if (before.ContainsPhysical(segments[i].Physical))
            {
                throw new ElfFormatException(
                    ElfError.OverlappingSegments,
                    $"0x{before.Physical:x}..0x{before.Physical + before.MemorySize - 1:x} and 0x{segments[i].Physical:x}");
            }
        }
    }

    private static uint? FindPvh(ReadOnlySpan<byte> bytes, ElfSegment note)
    {
        if (note.Offset > (ulong)bytes.Length || (ulong)bytes.Length - note.Offset < note.FileSize)
        {
            return null;
        }

        ReadOnlySpan<byte> rest = bytes.Slice((int)note.Offset, (int)note.FileSize);
        while (rest.Length >= 12)
        {
            uint nameSize = BinaryPrimitives.ReadUInt32LittleEndian(rest);
            uint descriptionSize = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            uint type = BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]);
            ulong description = 12 + (((ulong)nameSize + 3) & ~3UL);
            ulong next = description + (((ulong)descriptionSize + 3) & ~3UL);
            if (next > (ulong)rest.Length)
            {
                return null;
            }

            bool xen = rest[12..].StartsWith("Xen\0"u8);
            if (xen && nameSize == 4 && type == PvhNote && descriptionSize >= 4)
            {
                return BinaryPrimitives.ReadUInt32LittleEndian(rest[(int)description..]);
            }

            rest = rest[(int)next..];
        }

        return null;
    }

    // The header is 4-byte aligned in the first 8192 bytes, and its first three words sum to zero (Multiboot 0.6.96, 3.1).
    private static int? FindMultiboot(ReadOnlySpan<byte> bytes)
    {
        int end = Math.Min(bytes.Length, 8192) - 12;
        for (int i = 0; i <= end; i += 4)
        {
            uint magic = BinaryPrimitives.ReadUInt32LittleEndian(bytes[i..]);
            uint flags = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(i + 4)..]);
            uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(i + 8)..]);
            if (magic == MultibootMagic && unchecked(magic + flags + checksum) == 0)
            {
                return i;
            }
        }

        return null;
    }
}
