using System.Buffers.Binary;
using KgdbSim.Target.Loading;
using KgdbSim.Target.Primitives;
using KgdbSim.Target.Tests.Machine;

namespace KgdbSim.Target.Tests.Loading;

/// <summary>Every way in which an ELF file can be wrong has its name.</summary>
public sealed class ElfReaderTests
{
    private const int Type = 16;
    private const int MachineField = 18;
    private const int Entry = 24;
    private const int ProgramHeaderOffset = 32;
    private const int ProgramHeaderSize = 54;
    private const int ProgramHeaderCount = 56;
    private const int Header = 64;

    [Fact]
    public void A_good_file_gives_entry_and_segments()
    {
        ElfImage image = ElfReader.Read(Good());
        Assert.Equal(0x10_0000UL, image.Entry);
        Assert.Equal(new ElfSegment(0x1000, 4, 0x10_0000, 0x10_0000, 4), Assert.Single(image.Segments));
        Assert.Null(image.PvhEntry);
    }

    [Theory]
    [InlineData(0, ElfError.TruncatedHeader)]
    [InlineData(3, ElfError.TruncatedHeader)]
    [InlineData(63, ElfError.TruncatedHeader)]
    [InlineData(64, ElfError.BadProgramHeaders)]
    [InlineData(119, ElfError.BadProgramHeaders)]
    [InlineData(0x1003, ElfError.TruncatedSegment)]
    public void A_truncated_file_is_refused(int length, ElfError error) => Refused(Good()[..length], error);

    [Theory]
    [InlineData(1, 0x46, ElfError.NotElf)]
    [InlineData(4, 1, ElfError.Not64Bit)]
    [InlineData(5, 2, ElfError.NotLittleEndian)]
    [InlineData(MachineField, 3, ElfError.WrongMachine)]
    [InlineData(MachineField, 183, ElfError.WrongMachine)]
    [InlineData(Type, 1, ElfError.NotExecutable)]
    [InlineData(Type, 4, ElfError.NotExecutable)]
    [InlineData(ProgramHeaderCount, 0, ElfError.BadProgramHeaders)]
    [InlineData(ProgramHeaderSize, 8, ElfError.BadProgramHeaders)]
    [InlineData(Header, 0, ElfError.NothingToLoad)]
    [InlineData(Header, 3, ElfError.NeedsInterpreter)]
    public void A_wrong_byte_is_named(int offset, byte value, ElfError error)
    {
        byte[] file = Good();
        file[offset] = value;
        Refused(file, error);
    }

    [Theory]
    [InlineData(ProgramHeaderOffset, ulong.MaxValue, ElfError.BadProgramHeaders)]
    [InlineData(ProgramHeaderOffset, 0x1000UL, ElfError.BadProgramHeaders)]
    [InlineData(Entry, 0x20_0000UL, ElfError.EntryOutsideSegments)]
    [InlineData(Header + 8, ulong.MaxValue, ElfError.TruncatedSegment)]
    [InlineData(Header + 32, 5UL, ElfError.BadSegmentSize)]
    [InlineData(Header + 40, 3UL, ElfError.BadSegmentSize)]
    [InlineData(Header + 40, 0UL, ElfError.NothingToLoad)]
    [InlineData(Header + 40, ulong.MaxValue, ElfError.BadSegmentSize)]
    [InlineData(Header + 24, ulong.MaxValue - 1, ElfError.BadSegmentSize)]
    public void An_absurd_field_is_named(int offset, ulong value, ElfError error)
    {
        byte[] file = Good();
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(offset), value);
        Refused(file, error);
    }

    [Fact]
    public void Overlapping_segments_are_refused()
    {
        byte[] file = Good();
        file[ProgramHeaderCount] = 2;
        file.AsSpan(Header, 56).CopyTo(file.AsSpan(Header + 56));
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(Header + 56 + 24), 0x10_0003);
        Refused(file, ElfError.OverlappingSegments);
    }

    [Fact]
    public void Noise_behind_a_good_header_is_refused_or_read_but_never_anything_else()
    {
        for (ulong seed = 0; seed < 2000; seed++)
        {
            var prng = new Prng(seed);
            byte[] file = Good();
            for (int i = 0; i < 6; i++)
            {
                file[20 + (int)prng.NextBelow(100)] = (byte)prng.NextUInt64();
            }

            try
            {
                ElfReader.Read(file);
            }
            catch (ElfFormatException error)
            {
                Assert.True(error.Error != ElfError.None, $"seed {seed}: {error.Message}");
            }
        }
    }

    private static byte[] Good() => TestElf.Of(0x10_0000, [0x90, 0x90, 0x90, 0xF4]);

    private static void Refused(byte[] file, ElfError error)
    {
        ElfFormatException thrown = Assert.Throws<ElfFormatException>(() => ElfReader.Read(file));
        Assert.True(error == thrown.Error, $"expected {error}, got {thrown.Message}");
    }
}
