using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;

namespace KgdbSim.Kernel.Tests.HwBreakpoint.Linux2630;

/// <summary>arch_validate_hwbkpt_settings() of June 2009: order of tests and errors.</summary>
public sealed class InfoValidatorTests
{
    private const ulong User = 0x1000;
    private const ulong Kernel = 0xFFFF_8800_0000_1000;
    private const ulong TaskSize = 0x7FFF_FFFF_F000;

    [Theory]
    [InlineData("write of 4 in the kernel", false, Kernel, 0x4C, 0x81, true, 0)]
    [InlineData("read and write of 8", false, Kernel, 0x48, 0x83, true, 0)]
    [InlineData("execute in the kernel", false, Kernel + 1, 0x40, 0x80, true, 0)]
    [InlineData("execute in the kernel with another length", false, Kernel, 0x4C, 0x80, true, -22)]
    [InlineData("execute of 4 in user space", true, User, 0x4C, 0x80, true, 0)]
    [InlineData("I/O", false, Kernel, 0x4C, 0x82, true, -22)]
    [InlineData("no such length", false, Kernel, 0x41, 0x81, true, -22)]
    [InlineData("no callback", false, Kernel, 0x4C, 0x81, false, -22)]
    [InlineData("no callback, and not aligned", false, User + 1, 0x4C, 0x81, false, -22)]
    [InlineData("no address", false, 0, 0x4C, 0x81, true, -22)]
    [InlineData("not aligned to 4", false, Kernel + 2, 0x4C, 0x81, true, -22)]
    [InlineData("not aligned, and in the wrong half", false, User + 2, 0x4C, 0x81, true, -22)]
    [InlineData("the kernel asks for user space", false, User, 0x4C, 0x81, true, -14)]
    [InlineData("a thread asks for the kernel", true, Kernel, 0x4C, 0x81, true, -14)]
    [InlineData("the last 8 bytes of user space", true, TaskSize - 8, 0x48, 0x81, true, 0)]
    [InlineData("the first byte above user space", true, TaskSize, 0x40, 0x81, true, -14)]
    [InlineData("the first byte of the kernel", false, TaskSize, 0x40, 0x81, true, 0)]
    [InlineData("the last 8 bytes there are", false, ulong.MaxValue - 7, 0x48, 0x81, true, 0)]
    public void A_request_is_judged(string what, bool isForThread, ulong address, byte length, byte type, bool hasCallback, int expected)
    {
        BreakpointInfo info = new(address, length, type);

        Errno result = new InfoValidator().Validate(ref info, isForThread, hasCallback);

        Assert.True((int)result == expected, $"{what}: {(int)result}, expected {expected}");
    }

    /// <summary>All of a hosted guest is the kernel's code and data, too.</summary>
    [Theory]
    [InlineData(false, User, 0x4C, 0x81, 0)]
    [InlineData(false, User, 0x40, 0x80, 0)]
    [InlineData(false, User, 0x4C, 0x80, -22)]
    [InlineData(true, User, 0x4C, 0x80, 0)]
    [InlineData(true, Kernel, 0x4C, 0x81, -14)]
    [InlineData(false, ulong.MaxValue - 7, 0x48, 0x81, 0)]
    public void The_kernel_may_be_low(bool isForThread, ulong address, byte length, byte type, int expected)
    {
        BreakpointInfo info = new(address, length, type);
        Assert.Equal(expected, (int)new InfoValidator { HasLowKernel = true }.Validate(ref info, isForThread, true));
    }

    [Theory]
    [InlineData("pid_max", false, 0)]
    [InlineData("pid_max", true, -22)]
    [InlineData("no_such_symbol", false, -22)]
    public void A_symbol_is_looked_up_for_the_kernel_only(string symbol, bool isForThread, int expected)
    {
        InfoValidator validator = new() { Lookup = static name => name == "pid_max" ? Kernel : 0 };
        BreakpointInfo info = new(0, 0x4C, 0x81) { Symbol = symbol };

        Assert.Equal(expected, (int)validator.Validate(ref info, isForThread, true));
        Assert.Equal(expected == 0 ? Kernel : 0, info.Address);
    }
}
