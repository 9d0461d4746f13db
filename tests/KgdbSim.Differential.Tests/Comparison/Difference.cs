namespace KgdbSim.Differential.Tests.Comparison;

/// <summary>One thing that is not as it should be.</summary>
/// <param name="What">Its name: a register, <c>end</c>, <c>flags</c>, an address.</param>
internal readonly record struct Difference(string What, string Expected, string Got)
{
    /// <summary>What kind of thing: the name without the register's or flag's own.</summary>
    public string Kind => What.StartsWith("xmm", StringComparison.Ordinal) ? "xmm"
        : What.StartsWith("st", StringComparison.Ordinal) ? "st"
        : What.StartsWith("memory", StringComparison.Ordinal) ? "memory"
        : What[0] == 'r' && What != "rip" ? "gpr"
        : What;
}
