using KgdbSim.Target.Cpu.Debugging;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>KG-12: which debug exceptions are kgdb's, by DR6.</summary>
internal sealed class Kg12 : KgdbScenario
{
    public override string Id => "KG-12";

    public override string Subject =>
        "a debug exception that is nobody's, or somebody else's, stops in the debugger: there is no test of DR6";

    public override string Cure =>
        "only its own hits and its own step start a session; everything else is left to the kernel";

    public override string Participants => "1 CPU: #DB";

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KgdbStage stage = new(world, KgdbStageOptions.Of(1, variant.HasFix ? KgdbDefects.None : KgdbDefects.AnyDebugException));
        PerfBreakpoint perf = new(stage.Kernel, "perf", new BreakpointAttributes(Other, 1, BreakpointType.Write), 0, null);
        stage.Play(async (c, _, n) =>
        {
            if (n == 0)
            {
                await Watch(stage, c, Watched);
            }

            return KgdbSessionResult.Continue;
        });
        StageThread thread = BreakThen(stage, 0);
        KernelRegisters registers = stage.Registers(0);
        stage.Kernel.Spawn("C0", 0, async c =>
        {
            await stage.Perf!.RegisterCpu(c, perf);
            await thread.Run(c);

            // perf's breakpoint is in register 0, kgdb's in 1; nobody is in 3.
            (ulong causes, bool isStepped, bool isKgdbs) = Cases[await c.Draw((ulong)Cases.Length)];
            await c.Home.CurrentDebug.SingleStep.Write(c, isStepped);
            registers.Flags |= (causes & Dr6Bits.SingleStep) != 0 ? KernelRegisters.TrapFlag : 0;
            await stage.Traps.Debug(c, registers, DebugRegisterFile.Dr6Idle | causes);
            if (stage.Log.Count - 1 != (isKgdbs ? 1 : 0))
            {
                c.Fail("exactly once", $"DR6 {causes:x}{(isStepped ? ", TIF_SINGLESTEP" : "")}: {stage.Log.Count - 1} sessions");
            }
        });
    }

    private static readonly (ulong Causes, bool IsStepped, bool IsKgdbs)[] Cases =
    [
        (0, false, false), (1, false, false), (2, false, true), (3, false, true), (8, false, false),
        (Dr6Bits.SingleStep, false, false), (Dr6Bits.SingleStep, true, false), (Dr6Bits.SingleStep | 1, false, false),
        (Dr6Bits.SingleStep | 2, false, true), (1, true, false),
    ];
}
