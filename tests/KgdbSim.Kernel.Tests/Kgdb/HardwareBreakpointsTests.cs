using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Kgdb;

namespace KgdbSim.Kernel.Tests.Kgdb;

/// <summary>kgdb.md section 9, and the recorded DR7 images: hardware breakpoints.</summary>
public sealed class HardwareBreakpointsTests
{
    private const ulong Address = 0xFFFF_8880_0000_2000;

    [Theory]
    [InlineData(1, 1, 0x602UL)]
    [InlineData(1, 5, 0x602UL)]
    [InlineData(2, 1, 0x10602UL)]
    [InlineData(2, 2, 0x50602UL)]
    [InlineData(2, 4, 0xD0602UL)]
    [InlineData(2, 8, 0x90602UL)]
    [InlineData(4, 1, 0x30602UL)]
    [InlineData(4, 4, 0xF0602UL)]
    [InlineData(4, 8, 0xB0602UL)]
    public void DR7_after_the_resume_is_as_recorded(int type, int length, ulong expected)
    {
        InlineStage inline = new(KgdbStageOptions.Of(1, KgdbDefects.Faithful61));
        HardwareBreakpoints table = inline.Stage.Hardware;
        inline.Run(async c =>
        {
            await table.DisableHere(c);
            Assert.Equal(Errno.None, await table.Set(c, Address, length, (KgdbBreakpointType)type));
            Assert.Equal(0x400UL, inline.Cpu.DebugRegisters.Value(7));
            await table.CorrectHere(c);
        });

        Assert.Equal(expected, inline.Cpu.DebugRegisters.Value(7));
        Assert.Equal(Address, inline.Cpu.DebugRegisters.Value(0));
    }

    [Fact]
    public void Four_mixed_ones_make_the_recorded_image_and_a_fifth_is_refused()
    {
        InlineStage inline = new(KgdbStageOptions.Of(1, KgdbDefects.Faithful61));
        HardwareBreakpoints table = inline.Stage.Hardware;
        inline.Run(async c =>
        {
            await table.Set(c, Address, 1, KgdbBreakpointType.Execute);
            await table.Set(c, Address, 1, KgdbBreakpointType.Write);
            await table.Set(c, Address, 4, KgdbBreakpointType.Access);
            await table.Set(c, Address, 8, KgdbBreakpointType.Write);
            Assert.Equal(Errno.NotPermitted, await table.Set(c, Address, 1, KgdbBreakpointType.Write));
            await table.CorrectHere(c);
            Assert.Equal(0x9F1006AAUL, inline.Cpu.DebugRegisters.Value(7));
            await table.DisableHere(c);
            Assert.Equal(0x600UL, inline.Cpu.DebugRegisters.Value(7));
        });
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(2, 3)]
    [InlineData(2, -1)]
    [InlineData(4, 16)]
    [InlineData(3, 4)]
    [InlineData(5, 1)]
    public void What_x86_does_not_have_is_minus_one(int type, int length)
    {
        InlineStage inline = new(KgdbStageOptions.Of(1, KgdbDefects.Faithful61));
        Errno error = default;
        inline.Run(async c => error = await inline.Stage.Hardware.Set(c, Address, length, (KgdbBreakpointType)type));

        Assert.Equal(Errno.NotPermitted, error);
        Assert.False(inline.Stage.Perf!.Slots.IsUsed);
    }

    [Fact]
    public void Faithfully_z_matches_the_address_only()
    {
        foreach (bool isFaithful in new[] { true, false })
        {
            InlineStage inline = new(KgdbStageOptions.Of(1, isFaithful ? KgdbDefects.Faithful61 : KgdbDefects.None));
            Errno error = default;
            inline.Run(async c =>
            {
                await inline.Stage.Hardware.Set(c, Address, 4, KgdbBreakpointType.Write);
                error = await inline.Stage.Hardware.Remove(c, Address, 1, KgdbBreakpointType.Execute);
            });

            Assert.Equal(isFaithful ? Errno.None : Errno.NotPermitted, error);
            Assert.Equal(isFaithful ? 0 : 1, inline.Stage.Perf!.Slots.CpuPinned(0));
        }
    }

    [Theory]
    [InlineData(2, 3, true)]
    [InlineData(2, 4, false)]
    [InlineData(4, 9, true)]
    public void A_refused_Z_leaves_the_free_entry_as_it_was_in_the_modern_face(int type, int length, bool isLengthWrong)
    {
        InlineStage inline = new(KgdbStageOptions.Of(1, KgdbDefects.None));
        BreakEntry before = inline.Stage.Hardware.Entry(0);
        Errno error = default;
        inline.Run(async c => error = await inline.Stage.Hardware.Set(c, Address + 1, length, (KgdbBreakpointType)type));

        Assert.Equal(isLengthWrong ? Errno.NotPermitted : Errno.Invalid, error);
        Assert.Equal(before, inline.Stage.Hardware.Entry(0));
    }

    [Fact]
    public void Faithfully_a_refused_Z_overwrites_type_and_length_of_the_free_entry()
    {
        InlineStage inline = new(KgdbStageOptions.Of(1, KgdbDefects.Faithful61));
        inline.Run(async c => await inline.Stage.Hardware.Set(c, Address, 3, KgdbBreakpointType.Access));

        Assert.Equal(new BreakEntry(false, new ArchBreakpoint(0, 0, ArchBreakpoint.ReadWrite)), inline.Stage.Hardware.Entry(0));
    }

    [Fact]
    public void Others_breakpoints_are_muted_and_armed_again()
    {
        InlineStage inline = new(KgdbStageOptions.Of(1, KgdbDefects.None));
        PerfBreakpoint perf = new(inline.Stage.Kernel, "perf", new BreakpointAttributes(Address, 1, BreakpointType.Write), 0, null);
        HardwareBreakpoints table = inline.Stage.Hardware;
        inline.Run(async c =>
        {
            await inline.Stage.Perf!.RegisterCpu(c, perf);
            await table.DisableHere(c);
            Assert.Equal(0x400UL, inline.Cpu.DebugRegisters.Value(7));
            await table.Set(c, Address + 8, 8, KgdbBreakpointType.Write);
            await table.CorrectHere(c);
            Assert.Equal(0x91060AUL, inline.Cpu.DebugRegisters.Value(7));
            await table.DisableHere(c);
            Assert.Equal(0x400UL, inline.Cpu.DebugRegisters.Value(7));
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void H4_removing_all_while_the_kernel_boots(bool isFaithful)
    {
        KgdbStageOptions options = KgdbStageOptions.Of(1, isFaithful ? KgdbDefects.Faithful61 : KgdbDefects.None);
        InlineStage inline = new(options with { Kgdb = options.Kgdb with { StartsEarly = true } });
        HardwareBreakpoints table = inline.Stage.Hardware;
        inline.Run(async c =>
        {
            await table.DisableHere(c);
            Assert.Equal(Errno.None, await table.Set(c, Address, 4, KgdbBreakpointType.Write));
            await table.CorrectHere(c);
            Assert.Equal(0xD0602UL, inline.Cpu.DebugRegisters.Value(7));
            await table.DisableHere(c);
            await table.RemoveAll(c);
            await table.CorrectHere(c);
        });

        Assert.Equal(isFaithful ? ["null dereference"] : [], inline.World.Violations.Select(static violation => violation.Property));
        Assert.Equal(0x400UL, inline.Cpu.DebugRegisters.Value(7));
    }

    [Fact]
    public void Registered_events_hold_no_slots()
    {
        KgdbStageOptions options = KgdbStageOptions.Of(1, KgdbDefects.None);
        InlineStage inline = new(options with { Kgdb = options.Kgdb with { StartsEarly = true } });
        inline.Run(async c => Assert.Equal(Errno.None, await inline.Stage.Hardware.Events.Register(c, false)));

        Assert.False(inline.Stage.Perf!.Slots.IsUsed);
        Assert.NotNull(inline.Stage.Hardware.Events.Of(3, 0));
        Assert.Equal(0x400UL, inline.Cpu.DebugRegisters.Value(7));
    }
}
