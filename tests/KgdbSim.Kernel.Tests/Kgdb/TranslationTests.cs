using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Kgdb;

namespace KgdbSim.Kernel.Tests.Kgdb;

/// <summary>KG-10: gdb's numbers, the generic ones, and the processor's.</summary>
public sealed class TranslationTests
{
    [Theory]
    [InlineData(1, (int)BreakpointType.Execute, 0x80)]
    [InlineData(2, (int)BreakpointType.Write, 0x81)]
    [InlineData(3, (int)BreakpointType.None, 0)]
    [InlineData(4, (int)BreakpointType.ReadWrite, 0x83)]
    [InlineData(0, (int)BreakpointType.None, 0)]
    [InlineData('1', (int)BreakpointType.None, 0)]
    public void Types(int packet, int generic, byte code)
    {
        Assert.Equal((BreakpointType)generic, BreakTranslation.Generic((KgdbBreakpointType)packet));
        Assert.Equal(code, BreakTranslation.TypeCode((KgdbBreakpointType)packet));
    }

    [Theory]
    [InlineData(2, 1, 0x40)]
    [InlineData(2, 2, 0x44)]
    [InlineData(2, 4, 0x4C)]
    [InlineData(2, 8, 0x48)]
    [InlineData(2, 3, 0)]
    [InlineData(2, 0, 0)]
    [InlineData(2, -8, 0)]
    [InlineData(1, 77, 0x40)]
    public void Lengths(int packet, int length, byte code) =>
        Assert.Equal(code, BreakTranslation.LengthCode((KgdbBreakpointType)packet, length));
}
