using KgdbSim.Kernel.Tests.Kgdb;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Kernel.Traps;

namespace KgdbSim.Kernel.Tests.Traps;

/// <summary>traps.md 3.1 to 3.3: do_debug of the older kernels.</summary>
public sealed class OldDebugPathTests
{
    private const ulong Idle = DebugRegisterFile.Dr6Idle;

    [Theory]
    [InlineData("2.6.14", Idle | 0x4000)]
    [InlineData("2.6.21", Idle | 0x4000)]
    [InlineData("2.6.30", Idle)]
    [InlineData("2.6.33", Idle)]
    [InlineData("2.6.35", Idle)]
    public void DR6_is_cleared_since_2009(string version, ulong expected)
    {
        InlineStage inline = Make(version, out KgdbStage stage);
        inline.Run(async c => await stage.Traps.Debug(c, new KernelRegisters { IsUserMode = true }, Idle | 0x4000));

        Assert.Equal(expected, inline.Cpu.DebugRegisters.Value(6));
    }

    [Theory]
    [InlineData("2.6.14")]
    [InlineData("2.6.30")]
    public void A_step_in_the_kernel_sets_TIF_SINGLESTEP_and_clears_TF(string version)
    {
        InlineStage inline = Make(version, out KgdbStage stage);
        KernelRegisters registers = new() { Flags = KernelRegisters.TrapFlag | 2 };
        inline.Run(async c => await stage.Traps.Debug(c, registers, Idle | 0x4000));

        Assert.True(stage.Kernel.Tasks[0].Debug.SingleStep.Value);
        Assert.Equal(2UL, registers.Flags);
        Assert.Empty(stage.Kernel.Tasks[0].Debug.Signals);
    }

    [Theory]
    [InlineData(0UL, 0)]
    [InlineData(1UL, 1)]
    public void In_2005_a_hit_without_debugreg7_is_a_leftover(ulong dr7, int signals)
    {
        InlineStage inline = Make("2.6.14", out KgdbStage stage);
        inline.Cpu.DebugRegisters.Set(7, 0x401);
        inline.Run(async c =>
        {
            await stage.Kernel.Tasks[0].Debug.VirtualDr7.Write(c, dr7);
            await stage.Traps.Debug(c, new KernelRegisters { IsUserMode = true }, Idle | 1);
        });

        Assert.Equal(signals, stage.Kernel.Tasks[0].Debug.Signals.Count);
        Assert.Equal(0x400UL, inline.Cpu.DebugRegisters.Value(7));
    }

    [Theory]
    [InlineData("2.6.30", 1)]
    [InlineData("2.6.33", 1)]
    public void Virtual_DR6_decides_about_the_signal(string version, int signals)
    {
        InlineStage inline = Make(version, out KgdbStage stage);
        Notifiers.Add(stage, "consumer", 1, static (_, args) =>
        {
            args.Dr6 = 0;
            return NotifyResult.Done;
        });
        inline.Run(async c => await stage.Traps.Debug(c, new KernelRegisters { IsUserMode = true }, Idle | 1));

        Assert.Equal(signals, stage.Kernel.Tasks[0].Debug.Signals.Count);
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
