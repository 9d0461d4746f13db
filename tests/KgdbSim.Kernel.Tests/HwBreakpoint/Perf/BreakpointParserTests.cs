using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;

namespace KgdbSim.Kernel.Tests.HwBreakpoint.Perf;

/// <summary>Which request is refused with what (hw_breakpoint_arch_parse, hw_breakpoint_parse@6.1).</summary>
public sealed class BreakpointParserTests
{
    private const ulong User = 0x40_0000;
    private const ulong Kernel = 0xFFFF_FFFF_8100_0000;
    private const ulong EntryArea = 0xFFFF_FE00_0000_0000;

    private static readonly BreakpointParser Parser = new()
    {
        Forbidden = [new AddressRange("CPU entry area", EntryArea, 0x1000)],
        KprobeBlacklist = [new AddressRange("entry text", Kernel + 0x1000, 0x100)],
    };

    [Theory]
    [InlineData("the last byte overflows", ulong.MaxValue - 2, 4, 2, -22)]
    [InlineData("length 0", User, 0, 2, -22)]
    [InlineData("in a forbidden area", EntryArea + 0x10, 4, 2, -22)]
    [InlineData("reaches into a forbidden area", EntryArea - 4, 8, 2, -22)]
    [InlineData("just below a forbidden area", EntryArea - 8, 8, 2, 0)]
    [InlineData("read only", User, 4, 1, -22)]
    [InlineData("nothing", User, 4, 0, -22)]
    [InlineData("write and execute", User, 4, 6, -22)]
    [InlineData("write", User, 4, 2, 0)]
    [InlineData("read and write", User, 4, 3, 0)]
    [InlineData("execute of 8", User, 8, 4, 0)]
    [InlineData("execute of 1", User, 1, 4, -22)]
    [InlineData("execute at any byte", User + 3, 8, 4, 0)]
    [InlineData("execute where nothing may be probed", Kernel + 0x1010, 8, 4, -22)]
    [InlineData("write where nothing may be probed", Kernel + 0x1010, 4, 2, 0)]
    [InlineData("3 bytes", User, 3, 2, -22)]
    [InlineData("16 bytes, not aligned", User + 8, 16, 2, -22)]
    [InlineData("16 bytes without range extension", User, 16, 2, -95)]
    [InlineData("4 bytes, not aligned", User + 2, 4, 2, -22)]
    [InlineData("2 bytes, not aligned", User + 1, 2, 3, -22)]
    [InlineData("1 byte anywhere", User + 1, 1, 2, 0)]
    public void A_privileged_request_is_judged(string what, ulong address, ulong length, int type, int expected)
    {
        Errno result = Parser.Parse(new BreakpointAttributes(address, length, (BreakpointType)type), true, out _);

        Assert.True((int)result == expected, $"{what}: {(int)result}, expected {expected}");
    }

    [Theory]
    [InlineData(Kernel, 4, false, true, 0)]
    [InlineData(Kernel, 4, false, false, -1)]
    [InlineData(Kernel, 4, true, true, -22)]
    [InlineData(Kernel, 4, true, false, -22)]
    [InlineData(User, 4, true, false, 0)]
    [InlineData(0x7FFF_FFFF_EFF8, 8, true, false, 0)]
    [InlineData(0x7FFF_FFFF_F000, 8, false, false, -1)]
    public void The_kernel_is_watched_only_by_who_may(ulong address, ulong length, bool excludesKernel, bool isPrivileged, int expected)
    {
        BreakpointAttributes attributes = new(address, length, BreakpointType.Write) { ExcludesKernel = excludesKernel };

        Assert.Equal(expected, (int)Parser.Parse(attributes, isPrivileged, out _));
    }

    [Theory]
    [InlineData(1, 2, 0x40, 0x81)]
    [InlineData(2, 3, 0x44, 0x83)]
    [InlineData(4, 2, 0x4C, 0x81)]
    [InlineData(8, 3, 0x48, 0x83)]
    [InlineData(8, 4, 0x40, 0x80)]
    public void What_goes_into_registers(ulong length, int type, byte lengthCode, byte typeCode)
    {
        Assert.Equal(Errno.None, Parser.Parse(new BreakpointAttributes(User, length, (BreakpointType)type), false, out ArchBreakpoint arch));
        Assert.Equal(new ArchBreakpoint(User, lengthCode, typeCode), arch);
    }

    [Fact]
    public void The_slot_is_asked_for_before_the_request_is_judged()
    {
        InlineKernel.Run(1, kernel =>
        {
            PerfBreakpoints perf = new(kernel, new PerfBreakpointOptions());
            PerfBreakpoint[] good = [.. Enumerable.Range(0, 4).Select(i => Make(kernel, $"good{i}", BreakpointType.Write))];
            PerfBreakpoint bad = Make(kernel, "bad", BreakpointType.Read);
            return async c =>
            {
                Assert.Equal(Errno.Invalid, await perf.RegisterCpu(c, bad));
                Assert.False(perf.Slots.IsUsed);
                foreach (PerfBreakpoint bp in good)
                {
                    Assert.Equal(Errno.None, await perf.RegisterCpu(c, bp));
                }

                Assert.Equal(Errno.NoSpace, await perf.RegisterCpu(c, bad));
            };
        });
    }

    private static PerfBreakpoint Make(KernelModel kernel, string name, BreakpointType type) =>
        new(kernel, name, new BreakpointAttributes(Kernel, 4, type), 0, null);
}
