namespace KgdbSim.Target.Kernel.Scenarios;

/// <summary>One form of the code under test.</summary>
/// <param name="Name">Part of replay tokens: "bad", "fixed", or either with a suffix ("bad-a") for further forms.</param>
/// <param name="IsViolated">Whether some interleaving breaks a property; if not, none does.</param>
/// <param name="Summary">What is special about it; empty for the two plain ones.</param>
public sealed record ScenarioVariant(string Name, bool IsViolated, string Summary)
{
    /// <summary>The code as it was when the defect was noticed.</summary>
    public static ScenarioVariant Bad { get; } = new("bad", true, "");

    /// <summary>The same code with the cure.</summary>
    public static ScenarioVariant Fixed { get; } = new("fixed", false, "");

    /// <summary>Whether the cure is in; decides how the code under test is set up.</summary>
    public bool HasFix => Name.StartsWith("fixed", StringComparison.Ordinal);
}
