using KgdbSim.Kernel.Tests.Kgdb;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Kernel.Traps;

namespace KgdbSim.Kernel.Tests.Traps;

/// <summary>traps.md 2.4 and kgdb.md 2: NMIs.</summary>
public sealed class NmiPathTests
{
    [Fact]
    public void All_local_handlers_are_asked_and_unknown_ones_only_if_nobody_was()
    {
        InlineStage inline = new(new KgdbStageOptions { CpuCount = 1 });
        KgdbStage stage = inline.Stage;
        bool isOurs = true;
        stage.Traps.NmiLocal.Add("perf", (_, _) => ValueTask.FromResult(isOurs));
        stage.Traps.NmiLocal.Add("ghes", static (_, _) => ValueTask.FromResult(false));

        inline.Run(async c => await stage.Traps.Nmi(c, new KernelRegisters()));
        Assert.Equal(["kgdb:Done", "perf:Stop", "ghes:Done"], Notifiers.Lookers(stage));

        isOurs = false;
        inline.Run(async c => await stage.Traps.Nmi(c, new KernelRegisters()));
        Assert.Equal(["kgdb:Done", "perf:Done", "ghes:Done", "kgdb:Done"], Notifiers.Lookers(stage));
        Assert.Equal(TrapVerdict.Ignored, stage.Traps.Events.Latest(0).Verdict);
    }

    [Fact]
    public void After_a_roundup_kgdb_swallows_one_unknown_NMI()
    {
        InlineStage inline = new(new KgdbStageOptions { CpuCount = 1 });
        KgdbStage stage = inline.Stage;
        List<TrapVerdict> verdicts = [];
        inline.Run(async c =>
        {
            await stage.Kgdb.Core.Active.Write(c, 1);
            verdicts.Add(await stage.Traps.Nmi(c, new KernelRegisters()));
            await stage.Kgdb.Core.Active.Write(c, KgdbCore.Nobody);
            verdicts.Add(await stage.Traps.Nmi(c, new KernelRegisters()));
            verdicts.Add(await stage.Traps.Nmi(c, new KernelRegisters()));
        });

        Assert.Equal([TrapVerdict.Consumed, TrapVerdict.Consumed, TrapVerdict.Ignored], verdicts);
    }

    [Fact]
    public void In_2010_the_roundup_comes_through_the_die_chain()
    {
        InlineStage inline = new(KgdbStageOptions.Of2010(KgdbForm.Merged2010A, Target.Kernel.HwBreakpoint.Perf.HandlerForm.Linux2633));
        KgdbStage stage = inline.Stage;
        inline.Run(async c =>
        {
            await stage.Kgdb.Core.Active.Write(c, 1);
            await stage.Traps.Nmi(c, new KernelRegisters());
        });

        Assert.Equal("kgdb", stage.Traps.Events.Latest(0).Consumer);
    }

    [Fact]
    public void A_CPU_that_is_offline_ignores_it()
    {
        InlineStage inline = new(new KgdbStageOptions { CpuCount = 1, OfflineCpus = 1 });
        TrapVerdict verdict = default;
        inline.Run(async c => verdict = await inline.Stage.Traps.Nmi(c, new KernelRegisters()));

        Assert.Equal(TrapVerdict.Ignored, verdict);
        Assert.Equal(0, inline.Stage.Traps.Events.Count);
    }
}
