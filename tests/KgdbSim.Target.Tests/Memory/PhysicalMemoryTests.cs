using KgdbSim.Target.Memory;
using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Tests.Memory;

public sealed class PhysicalMemoryTests
{
    [Fact]
    public void Reads_zero_where_nothing_was_written_and_takes_no_page_for_it()
    {
        using var memory = new PhysicalMemory(1 << 20);
        byte[] bytes = [1, 2, 3];
        memory.Read(0xFFE, bytes);
        Assert.Equal(new byte[3], bytes);
        Assert.Equal(0, memory.PagesInUse);
    }

    [Fact]
    public void A_write_across_pages_reads_back()
    {
        using var memory = new PhysicalMemory(1 << 20);
        byte[] written = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7))];
        memory.Write(0x1FF0, written);
        byte[] read = new byte[written.Length];
        memory.Read(0x1FF0, read);
        Assert.Equal(written, read);
        Assert.Equal(3, memory.PagesInUse);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(4097UL)]
    [InlineData((64UL << 30) + 4096)]
    public void Refuses_a_size_that_is_not_whole_pages_within_the_limit(ulong size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PhysicalMemory(size));

    [Theory]
    [InlineData(0xFFFFFUL, 2)]
    [InlineData(0x100001UL, 0)]
    [InlineData(ulong.MaxValue, 1)]
    public void Refuses_a_range_outside_ram(ulong address, int length)
    {
        using var memory = new PhysicalMemory(1 << 20);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Read(address, new byte[length]));
    }

    [Fact]
    public void A_restored_image_has_the_captured_bytes_and_shares_unchanged_pages()
    {
        using var memory = new PhysicalMemory(1 << 20);
        memory.Write(0x1000, [1]);
        memory.Write(0x2000, [2]);
        using MemoryImage image = memory.Capture();
        Assert.Equal(2, memory.PagesInUse);
        memory.Write(0x1000, [9]);
        memory.Write(0x3000, [9]);
        Assert.Equal(4, memory.PagesInUse);

        memory.Restore(image);
        Assert.Equal(2, memory.PagesInUse);
        Assert.Equal([1, 2, 0], new[] { Byte(memory, 0x1000), Byte(memory, 0x2000), Byte(memory, 0x3000) });

        memory.Write(0x2000, [7]);
        memory.Restore(image);
        Assert.Equal(2, Byte(memory, 0x2000));
    }

    [Fact]
    public void Equal_contents_hash_equal_however_they_came_about()
    {
        using var one = new PhysicalMemory(1 << 20);
        using var other = new PhysicalMemory(1 << 20);
        one.Write(0x5000, [1, 2, 3]);
        other.Write(0x7000, [4]);
        other.Write(0x5000, [3, 2, 1]);
        Assert.NotEqual(Hash(one), Hash(other));
        other.Write(0x7000, [0]);
        other.Write(0x5000, [1, 2, 3]);
        Assert.Equal(Hash(one), Hash(other));
    }

    private static byte Byte(PhysicalMemory memory, ulong address)
    {
        byte[] one = new byte[1];
        memory.Read(address, one);
        return one[0];
    }

    private static ulong Hash(PhysicalMemory memory)
    {
        var hash = new StableHash(0);
        memory.AddTo(ref hash);
        return hash.Value;
    }
}
