using System.Buffers.Binary;
using System.Text;

namespace KgdbSim.Target.Embedding;

/// <summary>
/// Writes an ELF64 executable for x86-64 with program headers, for loaders, and sections and symbols, for debuggers
/// (System V ABI, "Object Files"; AMD64 supplement).
/// </summary>
internal sealed class ElfImageBuilder
{
    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;
    private const int SectionHeaderSize = 64;
    private const int SymbolSize = 24;
    private const int PageSize = 0x1000;
    private const uint TypeProgramBits = 1;
    private const uint TypeSymbols = 2;
    private const uint TypeStrings = 3;
    private const uint TypeNoBits = 8;

    private readonly List<Segment> _segments = [];
    private readonly List<Symbol> _symbols = [];

    /// <summary>Adds a range of memory.</summary>
    /// <param name="name">The section's name, such as <c>.text</c>.</param>
    /// <param name="address">Virtual and physical address.</param>
    /// <param name="bytes">Its contents; memory behind them up to <paramref name="size"/> is zero.</param>
    /// <param name="size">Its size in bytes, at least that of the contents.</param>
    /// <param name="executable">Whether it is code; what is not is writable.</param>
    public void AddSegment(string name, ulong address, byte[] bytes, ulong size, bool executable) =>
        _segments.Add(new Segment(name, address, bytes, size, executable));

    /// <summary>Adds a global symbol of a size in bytes, which lies in the segment that holds its address.</summary>
    public void AddSymbol(string name, ulong address, ulong size, bool function) =>
        _symbols.Add(new Symbol(name, address, size, function));

    /// <summary>The finished file.</summary>
    public byte[] Build(ulong entry)
    {
        MemoryStream file = new();
        file.Write(new byte[HeaderSize + (ProgramHeaderSize * _segments.Count)]);
        StringTable sectionNames = new();
        List<Section> sections = [new Section(0, 0, 0, 0, 0, 0, 0, 0, 0)];
        List<long> offsets = [];
        foreach (Segment segment in _segments)
        {
            // Offset and address are congruent modulo the page size, as loaders that map files want it.
            Align(file, PageSize);
            offsets.Add(file.Position);
            file.Write(segment.Bytes);
            AddSections(segment, offsets[^1], sections, sectionNames);
        }

        WriteSymbols(file, sections, sectionNames);
        uint ownName = sectionNames.Add(".shstrtab");
        long namesOffset = file.Position;
        byte[] names = sectionNames.ToArray();
        file.Write(names);
        sections.Add(new Section(ownName, TypeStrings, 0, 0, namesOffset, names.Length, 0, 0, 1));
        Align(file, 8);
        long sectionsOffset = file.Position;
        foreach (Section section in sections)
        {
            file.Write(section.ToArray());
        }

        byte[] image = file.ToArray();
        WriteHeader(image, entry, sectionsOffset, sections.Count);
        for (int i = 0; i < _segments.Count; i++)
        {
            WriteProgramHeader(image.AsSpan(HeaderSize + (i * ProgramHeaderSize)), _segments[i], offsets[i]);
        }

        return image;
    }

    private static void AddSections(Segment segment, long offset, List<Section> sections, StringTable names)
    {
        ulong flags = segment.Executable ? 6UL : 3UL;
        ulong filled = (ulong)segment.Bytes.Length;
        if (filled > 0)
        {
            sections.Add(new Section(names.Add(segment.Name), TypeProgramBits, flags, segment.Address, offset,
                segment.Bytes.Length, 0, 0, 16));
        }

        if (filled < segment.Size)
        {
            sections.Add(new Section(names.Add(".bss"), TypeNoBits, flags, segment.Address + filled, offset,
                (long)(segment.Size - filled), 0, 0, 1));
        }
    }

    private void WriteSymbols(MemoryStream file, List<Section> sections, StringTable sectionNames)
    {
        StringTable names = new();
        Align(file, 8);
        long offset = file.Position;
        file.Write(new byte[SymbolSize]);
        foreach (Symbol symbol in _symbols)
        {
            int home = sections.FindIndex(
                section => section.Address > 0 && symbol.Address - section.Address < (ulong)section.Size);
            byte[] entry = new byte[SymbolSize];
            BinaryPrimitives.WriteUInt32LittleEndian(entry, names.Add(symbol.Name));
            entry[4] = (byte)(0x10 | (symbol.Function ? 2 : 1));
            BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(6), (ushort)home);
            BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(8), symbol.Address);
            BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(16), symbol.Size);
            file.Write(entry);
        }

        long size = file.Position - offset;
        uint link = (uint)sections.Count + 1;
        sections.Add(new Section(sectionNames.Add(".symtab"), TypeSymbols, 0, 0, offset, size, link, 1, 8, SymbolSize));
        long stringsOffset = file.Position;
        byte[] strings = names.ToArray();
        file.Write(strings);
        sections.Add(
            new Section(sectionNames.Add(".strtab"), TypeStrings, 0, 0, stringsOffset, strings.Length, 0, 0, 1));
    }

    private void WriteHeader(Span<byte> image, ulong entry, long sectionsOffset, int sectionCount)
    {
        // 64-bit, little endian, version 1, System V.
        ReadOnlySpan<byte> ident = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0];
        ident.CopyTo(image);
        const ushort Executable = 2;
        const ushort Amd64 = 62;
        BinaryPrimitives.WriteUInt16LittleEndian(image[16..], Executable);
        BinaryPrimitives.WriteUInt16LittleEndian(image[18..], Amd64);
        BinaryPrimitives.WriteUInt32LittleEndian(image[20..], 1);
        BinaryPrimitives.WriteUInt64LittleEndian(image[24..], entry);
        BinaryPrimitives.WriteUInt64LittleEndian(image[32..], HeaderSize);
        BinaryPrimitives.WriteInt64LittleEndian(image[40..], sectionsOffset);
        BinaryPrimitives.WriteUInt16LittleEndian(image[52..], HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(image[54..], ProgramHeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(image[56..], (ushort)_segments.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(image[58..], SectionHeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(image[60..], (ushort)sectionCount);
        BinaryPrimitives.WriteUInt16LittleEndian(image[62..], (ushort)(sectionCount - 1));
    }

    private static void WriteProgramHeader(Span<byte> header, Segment segment, long offset)
    {
        const uint Load = 1;
        BinaryPrimitives.WriteUInt32LittleEndian(header, Load);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], segment.Executable ? 5u : 6u);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], offset);
        BinaryPrimitives.WriteUInt64LittleEndian(header[16..], segment.Address);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], segment.Address);
        BinaryPrimitives.WriteInt64LittleEndian(header[32..], segment.Bytes.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(header[40..], segment.Size);
        BinaryPrimitives.WriteUInt64LittleEndian(header[48..], PageSize);
    }

    private static void Align(MemoryStream file, int alignment)
    {
        while (file.Position % alignment != 0)
        {
            file.WriteByte(0);
        }
    }

    private sealed record Segment(string Name, ulong Address, byte[] Bytes, ulong Size, bool Executable);

    private sealed record Symbol(string Name, ulong Address, ulong Size, bool Function);

    private sealed record Section(
        uint Name, uint Type, ulong Flags, ulong Address, long Offset, long Size, uint Link, uint Info, ulong Alignment,
        ulong EntrySize = 0)
    {
        public byte[] ToArray()
        {
            byte[] header = new byte[SectionHeaderSize];
            BinaryPrimitives.WriteUInt32LittleEndian(header, Name);
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), Type);
            BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(8), Flags);
            BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(16), Address);
            BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(24), Offset);
            BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(32), Size);
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(40), Link);
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(44), Info);
            BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(48), Alignment);
            BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(56), EntrySize);
            return header;
        }
    }

    private sealed class StringTable
    {
        private readonly List<byte> _all = [0];

        public uint Add(string text)
        {
            uint offset = (uint)_all.Count;
            _all.AddRange(Encoding.UTF8.GetBytes(text));
            _all.Add(0);
            return offset;
        }

        public byte[] ToArray() => [.. _all];
    }
}
