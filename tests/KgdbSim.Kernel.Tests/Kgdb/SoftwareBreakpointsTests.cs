using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Kgdb;

namespace KgdbSim.Kernel.Tests.Kgdb;

/// <summary>kgdb.md section 5: the table of software breakpoints.</summary>
public sealed class SoftwareBreakpointsTests
{
    private const ulong Site = 0xFFFF_FFFF_8100_0100;

    private readonly InlineStage _inline = new(new KgdbStageOptions { CpuCount = 1 });

    private SoftwareBreakpoints Table => _inline.Stage.Kgdb.Software;

    private StageMemory Memory => _inline.Stage.Memory;

    [Fact]
    public void Memory_changes_at_activation_only()
    {
        Memory.Map(Site, 0x55);
        _inline.Run(async c =>
        {
            Assert.Equal(Errno.None, await Table.Set(c, Site));
            Assert.Equal((0x55, BreakpointState.Set), (Memory.Find(Site)!.Value, Table.Entries[0].State));
            await Table.Activate(c);
            Assert.Equal((0xCC, BreakpointState.Active), (Memory.Find(Site)!.Value, Table.Entries[0].State));
            Assert.Equal(0x55, Table.Entries[0].SavedByte);
            await Table.Deactivate(c);
            Assert.Equal((0x55, BreakpointState.Set), (Memory.Find(Site)!.Value, Table.Entries[0].State));
        });
    }

    [Fact]
    public void The_states_go_round()
    {
        Memory.Map(Site);
        _inline.Run(async c =>
        {
            await Table.Set(c, Site);
            Assert.Equal(Errno.Exists, await Table.Set(c, Site));
            Assert.Equal(Errno.None, await Table.Remove(c, Site));
            Assert.True(await Table.IsRemoved(c, Site));
            Assert.Equal(Errno.NoEntry, await Table.Remove(c, Site));
            Assert.Equal(Errno.None, await Table.Set(c, Site));
            Assert.False(await Table.IsRemoved(c, Site));
            await Table.Activate(c);
            Assert.Equal(Errno.NoEntry, await Table.Remove(c, Site));
            await Table.RemoveAll(c);
            Assert.Equal((0x90, BreakpointState.Undefined), (Memory.Find(Site)!.Value, Table.Entries[0].State));
        });
    }

    [Fact]
    public void A_removed_entry_is_used_for_the_same_address_only_until_all_are_removed()
    {
        for (ulong i = 0; i <= SoftwareBreakpoints.Capacity; i++)
        {
            Memory.Map(Site + i);
        }

        _inline.Run(async c =>
        {
            for (ulong i = 0; i < SoftwareBreakpoints.Capacity; i++)
            {
                Assert.Equal(Errno.None, await Table.Set(c, Site + i));
            }

            Assert.Equal(Errno.TooBig, await Table.Set(c, Site + SoftwareBreakpoints.Capacity));
            await Table.Remove(c, Site + 7);
            Assert.Equal(Errno.TooBig, await Table.Set(c, Site + SoftwareBreakpoints.Capacity));
            Assert.Equal(Errno.None, await Table.Set(c, Site + 7));
            await Table.RemoveAll(c);
            Assert.Equal(Errno.None, await Table.Set(c, Site + SoftwareBreakpoints.Capacity));
        });
    }

    [Fact]
    public void What_cannot_be_planted_is_refused_with_the_error_of_the_access()
    {
        Memory.Map(Site);
        Memory.Blocklist.Add(Site);
        Memory.Map(Site + 1);
        _inline.Run(async c =>
        {
            Assert.Equal(Errno.Invalid, await Table.Set(c, Site));
            Assert.Equal(Errno.Fault, await Table.Set(c, Site + 2));
            Memory.TextIsReadOnly = true;
            Assert.Equal(Errno.None, await Table.Set(c, Site + 1));
            await Table.Activate(c);
            Assert.True(Table.Entries[0].IsPoked);
            await Memory.TextMutex.Write(c, true);
            Assert.Equal(Errno.Busy, await Table.Set(c, Site + 1));
        });
        Assert.Single(Table.Entries);
    }

    [Theory]
    [InlineData(true, BreakpointState.Set)]
    [InlineData(false, BreakpointState.Active)]
    public void What_cannot_be_lifted_becomes_SET_in_6_1_and_stays_ACTIVE_in_the_modern_face(bool isFaithful, object expected)
    {
        InlineStage inline = new(new KgdbStageOptions
        {
            CpuCount = 1, Kgdb = new KgdbOptions { Defects = isFaithful ? KgdbDefects.Faithful61 : KgdbDefects.None },
        });
        StageMemory memory = inline.Stage.Memory;
        memory.Map(Site);
        memory.TextIsReadOnly = true;
        inline.Run(async c =>
        {
            await inline.Stage.Kgdb.Software.Set(c, Site);
            await inline.Stage.Kgdb.Software.Activate(c);
            await memory.TextMutex.Write(c, true);
            Assert.Equal(Errno.Fault, await inline.Stage.Kgdb.Software.Deactivate(c));
        });

        Assert.Equal((BreakpointState)expected, inline.Stage.Kgdb.Software.Entries[0].State);
        Assert.Equal([("BP remove failed", Site)], inline.Stage.Kgdb.Software.Messages);
    }
}
