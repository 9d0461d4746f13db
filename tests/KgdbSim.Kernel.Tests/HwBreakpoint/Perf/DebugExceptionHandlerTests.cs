using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;

namespace KgdbSim.Kernel.Tests.HwBreakpoint.Perf;

/// <summary>What hw_breakpoint_handler() answers, whose callback it calls and which bits of the shared DR6 it clears.</summary>
public sealed class DebugExceptionHandlerTests
{
    private const ulong Kernel = 0xFFFF_FFFF_8100_0000;

    /// <summary>
    /// Rows: kernel, breakpoints in registers 0.. (w write, x execute), DR6 copy, virtual DR6 before; then answer, DR6 copy and
    /// callbacks.
    /// </summary>
    [Theory]
    [InlineData("6.1", "w", 0x0, 0, "Done", 0x0, "")]
    [InlineData("6.1", "w", 0x4000, 0, "Done", 0x4000, "")]
    [InlineData("6.1", "w", 0x1, 0, "Stop", 0x0, "0")]
    [InlineData("6.1", "w", 0x4001, 0, "Done", 0x4000, "0")]
    [InlineData("6.1", "ww", 0x3, 0, "Stop", 0x0, "01")]
    [InlineData("6.1", "w", 0x2, 0, "Stop", 0x2, "")]
    [InlineData("6.1", "ww", 0x6, 0, "Stop", 0x4, "1")]
    [InlineData("6.1", "w", 0x1, 8, "Done", 0x0, "0")]
    [InlineData("6.1", "x", 0x1, 0, "Stop", 0x0, "0")]
    [InlineData("6.1", "x", 0x4001, 0, "Done", 0x4001, "")]
    [InlineData("2.6.33", "w", 0x1, 0, "Done", 0x0, "0")]
    [InlineData("2.6.33", "w", 0x1, 8, "Done", 0x0, "0")]
    [InlineData("2.6.33", "w", 0x2, 0, "Stop", 0x0, "")]
    [InlineData("2.6.33", "w", 0x6, 0, "Stop", 0x4, "")]
    [InlineData("2.6.33", "w", 0x4002, 0, "Done", 0x4000, "")]
    [InlineData("e0e53db", "w", 0x1, 0, "Stop", 0x0, "0")]
    [InlineData("e0e53db", "w", 0x1, 8, "Stop", 0x0, "0")]
    [InlineData("e0e53db", "w", 0x4001, 0, "Done", 0x4000, "0")]
    public void Each_hit_goes_to_the_breakpoint_in_its_register(
        string version, string registers, uint dr6, uint virtualDr6, string answer, uint dr6After, string called)
    {
        InlineKernel.Run(1, kernel =>
        {
            PerfBreakpoints perf = new(kernel, new PerfBreakpointOptions { Handler = Form(version) });
            string seen = "";
            PerfBreakpoint[] bps = [.. registers.Select((kind, i) => Make(kernel, i, kind, () => seen += i))];
            return async c =>
            {
                foreach (PerfBreakpoint bp in bps)
                {
                    Assert.Equal(Errno.None, await perf.RegisterCpu(c, bp));
                }

                ulong dr7 = c.Home.DebugRegisters.Value(7);
                await perf.VirtualDr6(c.Home).Write(c, virtualDr6);
                DieArgs args = new() { Registers = new KernelRegisters(), Dr6 = dr6, HasDr6 = true };
                NotifyResult result = await perf.HandleDebug(c, args);

                Assert.Equal($"{answer} {dr6After:x} {called}", $"{result} {args.Dr6:x} {seen}");
                Assert.Equal(called.Length, bps.Sum(bp => (int)bp.Count.Value));
                Assert.Equal(dr7, c.Home.DebugRegisters.Value(7));
                Assert.Equal(registers[0] == 'x' && called.Length != 0, (args.Registers.Flags & KernelRegisters.ResumeFlag) != 0);
            };
        });
    }

    [Fact]
    public void The_version_that_asks_for_an_active_event_calls_nobody_for_one_installed_behind_its_back()
    {
        InlineKernel.Run(1, kernel =>
        {
            PerfBreakpoints perf = new(kernel, new PerfBreakpointOptions { Handler = HandlerForm.Linux61192 });
            int calls = 0;
            PerfBreakpoint bp = Make(kernel, 0, 'w', () => calls++);
            return async c =>
            {
                await bp.Arch.Write(c, new ArchBreakpoint(Kernel, ArchBreakpoint.Length4, ArchBreakpoint.Write));
                Assert.Equal(Errno.None, await perf.Cpu(0).Install(c, bp));
                DieArgs args = new() { Registers = new KernelRegisters(), Dr6 = 1, HasDr6 = true };

                Assert.Equal(NotifyResult.Stop, await perf.HandleDebug(c, args));
                Assert.Equal(0, calls);
                Assert.Equal(0UL, args.Dr6);
            };
        });
    }

    /// <summary>What a callback does to DR7 is lost where the handler writes back what it saved.</summary>
    [Theory]
    [InlineData("2.6.33", 0x000D0602)]
    [InlineData("as posted", 0x00000600)]
    [InlineData("6.1", 0x00000600)]
    public void A_callback_takes_its_breakpoint_away(string version, uint dr7)
    {
        InlineKernel.Run(1, kernel =>
        {
            PerfBreakpoints perf = new(kernel, new PerfBreakpointOptions { Handler = Form(version) });
            PerfBreakpoint bp = Make(kernel, 0, 'w', static () => { });
            bp.OverflowHandler = (c, self, _) => perf.Cpu(0).Uninstall(c, self);
            return async c =>
            {
                Assert.Equal(Errno.None, await perf.RegisterCpu(c, bp));
                await perf.HandleDebug(c, new DieArgs { Registers = new KernelRegisters(), Dr6 = 1, HasDr6 = true });
                Assert.Equal(dr7, c.Home.DebugRegisters.Value(7));
            };
        });
    }

    [Fact]
    public void Exclusions_are_obeyed_and_counting_events_call_nobody()
    {
        InlineKernel.Run(1, kernel =>
        {
            PerfBreakpoints perf = new(kernel, new PerfBreakpointOptions());
            int calls = 0;
            PerfBreakpoint user = new(kernel, "user", new BreakpointAttributes(0x1000, 4, BreakpointType.Write) { ExcludesKernel = true }, 0, null);
            PerfBreakpoint counter = new(kernel, "counter", new BreakpointAttributes(Kernel, 4, BreakpointType.Write) { OnlyCounts = true }, 0, null);
            user.OverflowHandler = counter.OverflowHandler = (_, _, _) =>
            {
                calls++;
                return ValueTask.CompletedTask;
            };
            return async c =>
            {
                await perf.RegisterCpu(c, user);
                await perf.RegisterCpu(c, counter);
                await perf.HandleDebug(c, new DieArgs { Registers = new KernelRegisters(), Dr6 = 3, HasDr6 = true });
                Assert.Equal((0L, 1L, 0), (user.Count.Value, counter.Count.Value, calls));
                await perf.HandleDebug(c, new DieArgs { Registers = new KernelRegisters { IsUserMode = true }, Dr6 = 1, HasDr6 = true });
                Assert.Equal((1L, 1L, 1), (user.Count.Value, counter.Count.Value, calls));
            };
        });
    }

    private static HandlerForm Form(string version) => version switch
    {
        "2.6.33" => HandlerForm.Linux2633,
        "e0e53db" => HandlerForm.E0e53db,
        "as posted" => HandlerForm.KgdbAsPosted,
        _ => HandlerForm.Linux61,
    };

    private static PerfBreakpoint Make(KernelModel kernel, int index, char kind, Action called)
    {
        BreakpointAttributes attributes = kind == 'x'
            ? new BreakpointAttributes(Kernel + (ulong)(8 * index), 8, BreakpointType.Execute)
            : new BreakpointAttributes(Kernel + (ulong)(8 * index), 4, BreakpointType.Write);
        return new PerfBreakpoint(kernel, $"bp{index}", attributes, 0, null)
        {
            OverflowHandler = (_, _, _) =>
            {
                called();
                return ValueTask.CompletedTask;
            },
        };
    }
}
