using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Tests.Memory;

/// <summary>SDM vol. 3, chapter 4: which walks succeed, and the error code of those that don't.</summary>
public sealed class PageWalkerTests : IDisposable
{
    private const ulong Present = 1;
    private const ulong Writable = 2;
    private const ulong User = 4;
    private const ulong Accessed = 0x20;
    private const ulong Dirty = 0x40;
    private const ulong Large = 0x80;
    private const ulong NoExecute = 1UL << 63;

    private const ulong Linear = 0x0000_1234_5678_9ABC;

    private readonly PhysicalMemory _memory = new(1 << 20);

    private static PagingMode LongMode => new(
        Enabled: true, Pae: true, LongMode: true, La57: false, PageSizeExtension: false,
        WriteProtect: true, NoExecute: true, Smep: false, Smap: false);

    public void Dispose() => _memory.Dispose();

    [Fact]
    public void Without_paging_the_linear_address_is_the_physical_one() =>
        Assert.Equal(
            0x5678_9000UL,
            PageWalker.Walk(_memory, LongMode with { Enabled = false }, 0, 0x5678_9ABC, AccessKind.Write, true, false, true).Physical);

    [Fact]
    public void Four_levels_lead_to_the_frame_and_set_accessed_and_dirty()
    {
        Map4(Present | Writable | User);
        Translation read = Walk(AccessKind.Read);
        Assert.Equal((true, 0x7_7000UL), (read.Ok, read.Physical));
        Assert.Equal(0x7_7000 | Present | Writable | User | Accessed, Entry(4));
        Assert.Equal(Accessed, Entry(1) & (Accessed | Dirty));
        Walk(AccessKind.Write);
        Assert.Equal(Accessed | Dirty, Entry(4) & (Accessed | Dirty));
        Assert.Equal(Accessed, Entry(3) & (Accessed | Dirty));
    }

    [Fact]
    public void A_debuggers_walk_sets_no_bit()
    {
        Map4(Present | Writable | User);
        Assert.True(PageWalker.Walk(_memory, LongMode, 0x1000, Linear, AccessKind.Write, false, true, commit: false).Ok);
        Assert.Equal(0UL, Entry(4) & (Accessed | Dirty));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Not_present_at_any_level_is_a_fault_with_P_clear(int level)
    {
        Map4(Present | Writable | User);
        Set(level, Entry(level) & ~Present);
        Assert.Equal(0u, Walk(AccessKind.Read).ErrorCode);
        Assert.Equal(2u, Walk(AccessKind.Write).ErrorCode);
        Assert.Equal(4u, Walk(AccessKind.Read, user: true).ErrorCode);
        Assert.Equal(16u, Walk(AccessKind.Execute).ErrorCode);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void User_access_needs_the_user_bit_at_every_level(int level)
    {
        Map4(Present | Writable | User);
        Set(level, Entry(level) & ~User);
        Assert.Equal(5u, Walk(AccessKind.Read, user: true).ErrorCode);
        Assert.Equal(7u, Walk(AccessKind.Write, user: true).ErrorCode);
        Assert.True(Walk(AccessKind.Write).Ok);
    }

    [Fact]
    public void Read_only_pages_stop_users_always_and_the_supervisor_when_WP_is_set()
    {
        Map4(Present | User);
        Assert.Equal(7u, Walk(AccessKind.Write, user: true).ErrorCode);
        Assert.Equal(3u, Walk(AccessKind.Write).ErrorCode);
        Assert.True(Walk(AccessKind.Write, mode: LongMode with { WriteProtect = false }).Ok);
    }

    [Fact]
    public void No_execute_stops_fetches_only()
    {
        Map4(Present | Writable | User | NoExecute);
        Assert.Equal(17u, Walk(AccessKind.Execute).ErrorCode);
        Assert.True(Walk(AccessKind.Read).Ok);
    }

    [Fact]
    public void Without_NXE_the_NX_bit_is_reserved_and_the_fetch_bit_is_not_reported()
    {
        Map4(Present | Writable | User | NoExecute);
        PagingMode mode = LongMode with { NoExecute = false };
        Assert.Equal(9u, Walk(AccessKind.Read, mode: mode).ErrorCode);
        Assert.Equal(9u, Walk(AccessKind.Execute, mode: mode).ErrorCode);
    }

    [Fact]
    public void Smep_stops_supervisor_fetches_and_smap_supervisor_data_accesses_of_user_pages()
    {
        Map4(Present | Writable | User);
        Assert.Equal(17u, Walk(AccessKind.Execute, mode: LongMode with { Smep = true }).ErrorCode);
        Assert.Equal(1u, Walk(AccessKind.Read, mode: LongMode with { Smap = true }).ErrorCode);
        Assert.Equal(3u, Walk(AccessKind.Write, mode: LongMode with { Smap = true }).ErrorCode);
        Assert.True(PageWalker.Walk(
            _memory, LongMode with { Smap = true }, 0x1000, Linear, AccessKind.Read, false, allowUserPages: true, true).Ok);
    }

    [Theory]
    [InlineData(1, 1UL << 7)]
    [InlineData(2, 1UL << 51)]
    [InlineData(4, 1UL << 46)]
    public void Reserved_bits_are_a_fault_with_RSVD(int level, ulong bit)
    {
        Map4(Present | Writable | User);
        Set(level, Entry(level) | bit);
        Assert.Equal(9u, Walk(AccessKind.Read).ErrorCode);
        Assert.Equal(15u, Walk(AccessKind.Write, user: true).ErrorCode);
    }

    [Theory]
    [InlineData(3, 0x4020_0000UL, 0x1F_FFFFUL)]
    [InlineData(2, 0x4000_0000UL, 0x3FFF_FFFFUL)]
    public void Large_pages_take_the_low_address_bits_from_the_linear_address(int level, ulong frame, ulong mask)
    {
        Map4(Present | Writable | User);
        Set(level, frame | Present | Writable | User | Large);
        Assert.Equal(frame | (Linear & mask & ~0xFFFUL), Walk(AccessKind.Read).Physical);
    }

    [Fact]
    public void A_large_page_with_a_low_frame_bit_is_reserved()
    {
        Map4(Present | Writable | User);
        Set(3, 0x4020_0000 | 0x2000 | Present | Writable | Large);
        Assert.Equal(9u, Walk(AccessKind.Read).ErrorCode);
    }

    [Fact]
    public void Five_levels_begin_at_the_PML5()
    {
        Map4(Present | Writable | User);
        Write(0x6000 + (8 * ((Linear >> 48) & 0x1FF)), 0x1000 | Present | Writable | User);
        Translation t = PageWalker.Walk(
            _memory, LongMode with { La57 = true }, 0x6000, Linear, AccessKind.Read, true, false, true);
        Assert.Equal((true, 0x7_7000UL), (t.Ok, t.Physical));
    }

    [Fact]
    public void Legacy_32_bit_paging_walks_two_levels_and_4_MiB_pages()
    {
        PagingMode mode = LongMode with { Pae = false, LongMode = false, PageSizeExtension = true, NoExecute = false };
        const uint linear = 0x0080_3456;
        _memory.Write(0x1000 + (4 * (linear >> 22)), BitConverter.GetBytes(0x2007u));
        _memory.Write(0x2000 + (4 * ((linear >> 12) & 0x3FF)), BitConverter.GetBytes(0x9005u));
        Translation t = PageWalker.Walk(_memory, mode, 0x1000, linear, AccessKind.Read, true, false, true);
        Assert.Equal((true, 0x9000UL), (t.Ok, t.Physical));
        Assert.Equal(7u, PageWalker.Walk(_memory, mode, 0x1000, linear, AccessKind.Write, true, false, true).ErrorCode);
        _memory.Write(0x1000 + (4 * (linear >> 22)), BitConverter.GetBytes(0x0040_0087u));
        t = PageWalker.Walk(_memory, mode, 0x1000, linear, AccessKind.Write, true, false, true);
        Assert.Equal((true, 0x0040_3000UL), (t.Ok, t.Physical));
    }

    private Translation Walk(AccessKind access, bool user = false, PagingMode? mode = null) =>
        PageWalker.Walk(_memory, mode ?? LongMode, 0x1000, Linear, access, user, allowUserPages: false, commit: true);

    /// <summary>Tables at 0x1000 (PML4) .. 0x4000 (PT); the leaf maps frame 0x77000 with the given bits.</summary>
    private void Map4(ulong leafBits)
    {
        for (int level = 1; level <= 3; level++)
        {
            Set(level, ((ulong)(level + 1) << 12) | Present | Writable | User);
        }

        Set(4, 0x7_7000 | leafBits);
    }

    private static ulong Address(int level) => ((ulong)level << 12) + (8 * ((Linear >> (48 - (9 * level))) & 0x1FF));

    private void Set(int level, ulong entry) => Write(Address(level), entry);

    private ulong Entry(int level)
    {
        byte[] bytes = new byte[8];
        _memory.Read(Address(level), bytes);
        return BitConverter.ToUInt64(bytes);
    }

    private void Write(ulong address, ulong value) => _memory.Write(address, BitConverter.GetBytes(value));
}
