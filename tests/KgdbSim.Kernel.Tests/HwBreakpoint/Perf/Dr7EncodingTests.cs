using KgdbSim.Target.Kernel.HwBreakpoint.Perf;

namespace KgdbSim.Kernel.Tests.HwBreakpoint.Perf;

/// <summary>Numbers of arch/x86/kernel/hw_breakpoint.c and of the SDM's DR7 layout (vol. 3, 18.2.4).</summary>
public sealed class Dr7EncodingTests
{
    [Theory]
    [InlineData(0, 4, 2, 0x000D0202)]
    [InlineData(3, 8, 3, 0xB0000280)]
    [InlineData(1, 1, 4, 0x00000208)]
    [InlineData(3, 4, 2, 0xD0000280)]
    [InlineData(2, 1, 3, 0x03000220)]
    [InlineData(0, 1, 4, 0x00000202)]
    [InlineData(2, 2, 2, 0x05000220)]
    public void A_breakpoint_adds_its_field_its_global_enable_and_GE(int register, int length, int type, uint expected)
    {
        byte lengthCode = ArchBreakpoint.CodeOfLength((ulong)length);
        byte typeCode = ArchBreakpoint.CodeOfType((BreakpointType)type);

        Assert.Equal(expected, Dr7Encoding.Encode(register, lengthCode, typeCode));
        Assert.Equal(expected & ~0x200UL, Dr7Encoding.Field(register, lengthCode, typeCode));
    }

    [Fact]
    public void Two_kernel_breakpoints_add_up()
    {
        ulong both = Dr7Encoding.Encode(3, ArchBreakpoint.Length4, ArchBreakpoint.Write)
            | Dr7Encoding.Encode(2, ArchBreakpoint.Length1, ArchBreakpoint.ReadWrite);

        Assert.Equal(0xD30002A0UL, both);
        Assert.Equal(0xD30002A2UL, both | Dr7Encoding.Encode(0, ArchBreakpoint.Length1, ArchBreakpoint.Execute));
    }

    [Theory]
    [InlineData(0x000D0202, 0, 0x4C, 0x81, true)]
    [InlineData(0x000D0001, 0, 0x4C, 0x81, true)]
    [InlineData(0x000D0200, 0, 0x4C, 0x81, false)]
    [InlineData(0xB0000280, 3, 0x48, 0x83, true)]
    [InlineData(0x00000208, 1, 0x40, 0x80, true)]
    [InlineData(0x00020002, 0, 0x40, 0x82, true)]
    public void Either_enable_bit_counts_when_DR7_is_read(uint dr7, int register, byte length, byte type, bool enabled)
    {
        Assert.Equal(new Dr7Slot(length, type, enabled), Dr7Encoding.Decode(dr7, register));
    }

    [Fact]
    public void A_tracer_keeps_neither_reserved_bits_nor_the_upper_half() =>
        Assert.Equal(0xFFFF03FFUL, ulong.MaxValue & ~Dr7Encoding.Reserved);
}
