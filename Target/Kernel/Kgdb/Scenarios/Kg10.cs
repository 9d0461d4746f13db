using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>KG-10: the remote protocol's numbers, the generic ones, and the processor's.</summary>
internal sealed class Kg10 : KgdbScenario
{
    public override string Id => "KG-10";

    public override string Subject =>
        "the type digit arrives as a character and is compared with a number: every Z1 to Z4 fails with E01";

    public override string Cure => "the digit's value is translated (commit 64e9ee3095b6)";

    public override string Participants => "1 CPU: session";

    protected internal override void SetUp(World world, ScenarioVariant variant)
    {
        KgdbStage stage = new(world, KgdbStageOptions.Of(1, KgdbDefects.Faithful61));
        stage.Play(async (c, _, _) =>
        {
            foreach ((char digit, int length, Errno expected) in Requests)
            {
                KgdbBreakpointType type = (KgdbBreakpointType)(variant.HasFix ? digit - '0' : digit);
                Errno error = await stage.Hardware.Set(c, Watched, length, type);
                if (error != expected)
                {
                    c.Fail("wrong reply", $"Z{digit},a,{length} yields {error}, not {expected}");
                }
            }

            return KgdbSessionResult.Continue;
        });
        StageThread thread = BreakThen(stage, 0);
        stage.Kernel.Spawn("C0", 0, thread.Run);
    }

    /// <summary>Four that are accepted among some that are not, and a fifth.</summary>
    private static readonly (char Digit, int Length, Errno Expected)[] Requests =
    [
        ('1', 1, Errno.None), ('2', 4, Errno.None), ('2', 3, Errno.NotPermitted), ('3', 4, Errno.NotPermitted), ('4', 8, Errno.None),
        ('4', 0, Errno.NotPermitted), ('2', 1, Errno.None), ('2', 1, Errno.NotPermitted),
    ];
}
