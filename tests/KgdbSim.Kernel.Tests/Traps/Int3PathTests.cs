using KgdbSim.Kernel.Tests.Kgdb;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Kernel.Traps;

namespace KgdbSim.Kernel.Tests.Traps;

/// <summary>traps.md 2.2 and 3.1: who is asked about an int3, in which order, and what if nobody takes it.</summary>
public sealed class Int3PathTests
{
    private const ulong Site = 0xFFFF_FFFF_8100_0100;

    [Theory]
    [InlineData("6.1", new[] { "text_poke:Done", "kprobes:Done", "first:Done", "kgdb:Done", "last:Done" })]
    [InlineData("2.6.35", new[] { "first:Done", "kgdb:Done", "last:Done" })]
    [InlineData("2.6.14", new[] { "first:Done", "kgdb:Done", "last:Done" })]
    public void They_are_asked_in_the_order_of_the_version(string version, string[] expected)
    {
        InlineStage inline = Make(version, out KgdbStage stage);
        Notifiers.Add(stage, "last", -1, static (_, _) => NotifyResult.Done);
        Notifiers.Add(stage, "first", int.MaxValue, static (_, _) => NotifyResult.Done);
        stage.Traps.TextPoke = new Notifiers.Hook("text_poke", 1);
        stage.Traps.Kprobes = new Notifiers.Hook("kprobes", 1);
        KernelRegisters registers = new() { Ip = Site + 1, IsUserMode = true };

        inline.Run(async c => await stage.Traps.Int3(c, registers));

        Assert.Equal(expected, Notifiers.Lookers(stage));
        Assert.Equal(TrapVerdict.Signal, stage.Traps.Events.Latest(0).Verdict);
        Assert.Equal([new KernelSignal(5, 0x80)], stage.Kernel.Tasks[0].Debug.Signals);
    }

    [Fact]
    public void With_low_level_trap_kgdb_comes_before_kprobes_and_the_chain()
    {
        InlineStage inline = Make("6.1", out KgdbStage stage);
        stage.Traps.Kprobes = new Notifiers.Hook("kprobes", Site);
        stage.Traps.LowLevelTrap = stage.Kgdb.Notifier.LowLevelTrap;
        KernelRegisters registers = new() { Ip = Site + 1 };

        inline.Run(async c => await stage.Traps.Int3(c, registers));
        Assert.Equal(["kgdb:Done", "kprobes:Stop"], Notifiers.Lookers(stage));

        stage.Play((_, _, _) => ValueTask.FromResult(KgdbSessionResult.Continue));
        inline.Run(async c => await stage.Traps.Int3(c, registers));
        Assert.Equal(["kgdb:Stop"], Notifiers.Lookers(stage));
        Assert.False(stage.Traps.TryFastInt3(inline.Cpu, registers));
    }

    [Fact]
    public void In_the_kernel_an_int3_of_nobody_is_an_oops_of_which_the_chain_hears()
    {
        InlineStage inline = Make("6.1", out KgdbStage stage);
        List<DieCode> codes = [];
        Notifiers.Add(stage, "all", 1, (code, _) =>
        {
            codes.Add(code);
            return NotifyResult.Done;
        });
        KernelRegisters registers = new() { Ip = Site + 1 };
        TrapVerdict verdict = default;

        inline.Run(async c => verdict = await stage.Traps.Int3(c, registers));

        Assert.Equal(TrapVerdict.Oops, verdict);
        Assert.Equal([DieCode.Int3, DieCode.Oops], codes);
        Assert.Equal("stray int3", Assert.Single(inline.World.Violations).Property);
    }

    [Fact]
    public void NOTIFY_BAD_stops_the_chain_and_counts_as_unhandled()
    {
        InlineStage inline = Make("6.1", out KgdbStage stage);
        Notifiers.Add(stage, "bad", int.MaxValue, static (_, _) => NotifyResult.Bad);
        KernelRegisters registers = new() { Ip = Site + 1, IsUserMode = true };

        inline.Run(async c => await stage.Traps.Int3(c, registers));

        Assert.Equal(["bad:Bad"], Notifiers.Lookers(stage));
        Assert.Equal(TrapVerdict.Signal, stage.Traps.Events.Latest(0).Verdict);
    }

    /// <summary>arch/x86/kernel/traps.c@6.1: most faults are told with their own signal first, and as an oops if nobody stops them.</summary>
    [Theory]
    [InlineData(14, "11")]
    [InlineData(7, "11")]
    [InlineData(13, "11 11")]
    [InlineData(6, "4 11")]
    [InlineData(0, "8 11")]
    [InlineData(12, "7 11")]
    public void An_oops_lets_the_debugger_in(int vector, string signals)
    {
        InlineStage inline = Make("6.1", out KgdbStage stage);
        List<int> heard = [];
        stage.Play((_, state, _) =>
        {
            heard.Add(state.Signal);
            return ValueTask.FromResult(KgdbSessionResult.Pass);
        });
        TrapVerdict verdict = default;

        inline.Run(async c => verdict = await stage.Traps.Die(c, new KernelRegisters { Ip = Site }, vector));

        Assert.Equal(signals, string.Join(' ', heard));
        Assert.Equal(TrapVerdict.Oops, verdict);
    }

    [Fact]
    public void The_fast_path_takes_what_is_text_poke_s_or_kprobes_and_allocates_nothing()
    {
        InlineStage inline = Make("6.1", out KgdbStage stage);
        stage.Traps.TextPoke = new Notifiers.Hook("text_poke", Site);
        stage.Traps.Kprobes = new Notifiers.Hook("kprobes", Site + 1);
        KernelRegisters poked = new() { Ip = Site + 1 };
        KernelRegisters probed = new() { Ip = Site + 2 };
        KernelRegisters other = new() { Ip = Site + 3 };
        Assert.True(stage.Traps.TryFastInt3(inline.Cpu, poked));
        Assert.Equal("text_poke", stage.Traps.Events.Latest(0).Consumer);
        Assert.True(stage.Traps.TryFastInt3(inline.Cpu, probed));
        Assert.Equal("kprobes", stage.Traps.Events.Latest(0).Consumer);
        long count = stage.Traps.Events.Count;
        Assert.False(stage.Traps.TryFastInt3(inline.Cpu, other));
        Assert.Equal(count, stage.Traps.Events.Count);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            stage.Traps.TryFastInt3(inline.Cpu, poked);
            stage.Traps.TryFastInt3(inline.Cpu, other);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static InlineStage Make(string version, out KgdbStage stage)
    {
        InlineStage inline = new(new KgdbStageOptions
        {
            CpuCount = 1, Traps = new TrapOptions { Version = KernelVersions.Find(version)!.Value },
        });
        stage = inline.Stage;
        return inline;
    }
}
