using KgdbSim.Stub.Binding;
using KgdbSim.Testing;

namespace KgdbSim.Stub.Tests.Binding;

/// <summary>A debugger's view of guest memory: 64 MiB mapped to themselves in this CPU, nothing above.</summary>
public sealed class DebugMemoryTests : IDisposable
{
    private const ulong End = 64 << 20;

    private readonly BareCpu _cpu = new(End);

    public void Dispose() => _cpu.Dispose();

    [Fact]
    public void What_is_written_is_read_across_pages()
    {
        byte[] data = [.. Enumerable.Range(0, 10_000).Select(n => (byte)(n * 31))];
        Assert.True(DebugMemory.TryWrite(_cpu.Core, 0x20_0ff0, data));
        byte[] read = new byte[data.Length];
        Assert.Equal(data.Length, DebugMemory.Read(_cpu.Core, 0x20_0ff0, read));
        Assert.Equal(data, read);
    }

    [Fact]
    public void Reading_ends_where_memory_ends()
    {
        Assert.Equal(16, DebugMemory.Read(_cpu.Core, End - 16, new byte[64]));
        Assert.Equal(0, DebugMemory.Read(_cpu.Core, End, new byte[64]));
        Assert.Equal(0, DebugMemory.Read(_cpu.Core, 0x8000_0000_0000_0000, new byte[1]));
    }

    [Fact]
    public void Writing_over_the_end_writes_nothing()
    {
        Assert.False(DebugMemory.TryWrite(_cpu.Core, End - 2, [1, 2, 3, 4]));
        byte[] read = new byte[2];
        DebugMemory.Read(_cpu.Core, End - 2, read);
        Assert.Equal(new byte[2], read);
    }

    [Fact]
    public void Addresses_do_not_wrap_around()
    {
        Assert.False(DebugMemory.TryWrite(_cpu.Core, ulong.MaxValue, [1, 2]));
        Assert.Equal(0, DebugMemory.Read(_cpu.Core, ulong.MaxValue, new byte[2]));
    }
}
