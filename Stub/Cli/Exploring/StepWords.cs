using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Cli.Exploring;

/// <summary>A step in words.</summary>
internal static class StepWords
{
    /// <summary>What it did: "write kdr7 = 0".</summary>
    public static string Deed(StepRecord step)
    {
        string what = step.Location.Length == 0 ? step.Operation : $"{step.Operation} {step.Location}";
        return step.Value.Length == 0 ? what : $"{what} = {step.Value}";
    }
}
