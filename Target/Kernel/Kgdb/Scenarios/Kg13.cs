using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>KG-13: a step that leads out of the kernel, and a kernel #DB in a task that a tracer steps.</summary>
internal sealed class Kg13 : KgdbScenario
{
    public override string Id => "KG-13";

    public override string Subject => "'s' over IRET to user mode: the program gets a SIGTRAP that is the debugger's";

    public override string Cure => "single_step_cont clears TF and BS and goes on; TIF_SINGLESTEP tasks are left alone";

    public override string Participants => "1 or 2 CPUs: #DB; NMI";

    public override IReadOnlyList<ScenarioVariant> Variants { get; } =
    [
        ScenarioVariant.Bad,
        ScenarioVariant.Fixed,
        new("fixed-alone", false, "the other CPUs were parked for the step: they go on as well"),
        new("bad-tracer", true, "a task stepped by its tracer over a system call stops in the debugger"),
        new("fixed-tracer", false, "TIF_SINGLESTEP is looked at"),
    ];

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        bool isTracer = variant.Name.EndsWith("tracer", StringComparison.Ordinal);
        bool isAlone = variant.Name == "fixed-alone";
        KgdbStageOptions options = KgdbStageOptions.Of(isAlone ? 2 : 1, isAlone ? KgdbDefects.None : KgdbDefects.Faithful61);
        KgdbCures without = variant.HasFix ? KgdbCures.None : isTracer ? KgdbCures.LeaveSteppedTasks : KgdbCures.EndStepInUserMode;
        KgdbStage stage = new(world, options with { Kgdb = options.Kgdb with { Without = without } });
        stage.Play((_, _, n) => ValueTask.FromResult(n == 0 && !isTracer ? KgdbSessionResult.Step : KgdbSessionResult.Continue));
        StageThread thread = BreakThen(stage, 0);
        KernelRegisters registers = stage.Registers(0);
        stage.Kernel.Spawn("C0", 0, async c =>
        {
            await thread.Run(c);
            c.Line(isTracer ? "a system call of a stepped task" : "iretq, with TF set in the saved flags");
            registers.IsUserMode = !isTracer;
            await c.Home.CurrentDebug.SingleStep.Write(c, isTracer);
            await stage.Traps.Debug(c, registers, DebugRegisterFile.Dr6Idle | Dr6Bits.SingleStep);
        });
        world.AtEnd("no signal for the program, no second session",
            () => stage.Kernel.Tasks[0].Debug.Signals.Count == 0 && stage.Log.Count == 1);
        world.AtEnd("nobody is being stepped, TF is clear",
            () => stage.Kgdb.Core is { SteppingCpu.Value: KgdbCore.Nobody, SlavesInKgdb.Value: 0 } &&
                (registers.Flags & KernelRegisters.TrapFlag) == 0);
    }
}
