namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>What reports say of the kernel that makes them.</summary>
/// <param name="Format">Rules and wording.</param>
/// <param name="Release">As uname -r: "2.6.30-rc4-tip.hbkpt".</param>
/// <param name="Build">The first word of uname -v: "#31".</param>
internal sealed record LockdepOptions(LockdepFormat Format, string Release, string Build)
{
    /// <summary>As print_tainted() has it.</summary>
    public string Taint { get; init; } = "Not tainted";

    /// <summary>The line after "CPU: ..." of a 6.1 backtrace; none if empty.</summary>
    public string HardwareName { get; init; } = "";

    /// <summary>Release and build, as in the third line of a 2.6.30 report.</summary>
    public string Version => $"{Release} {Build}";
}
