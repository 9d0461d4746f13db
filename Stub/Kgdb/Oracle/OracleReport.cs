namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>Prints where a replay differs, packet by packet.</summary>
internal sealed class OracleReport(TextWriter output)
{
    private const int WidthMax = 200;

    public int Passed { get; private set; }

    public int Failed { get; private set; }

    /// <summary>One file's result.</summary>
    public void Add(string file, IReadOnlyList<OracleDifference> differences)
    {
        int open = OracleRunner.CountOpen(differences);
        Passed += open == 0 ? 1 : 0;
        Failed += open == 0 ? 0 : 1;
        output.WriteLine($"{(open == 0 ? "ok  " : "FAIL")} {file}: {open} differences, {differences.Count - open} listed ones");
        foreach (OracleDifference difference in differences)
        {
            output.WriteLine($"  {file}:{difference.Line}: after {Cut(difference.Context)}");
            output.WriteLine($"    recorded {Cut(difference.Expected)}");
            output.WriteLine($"    here     {Cut(difference.Actual)}");
            if (difference.Reason is { } reason)
            {
                output.WriteLine($"    listed: {reason}");
            }
        }
    }

    /// <summary>A file that is no recording.</summary>
    public void AddUnreadable(string file, string reason)
    {
        Failed++;
        output.WriteLine($"FAIL {file}: cannot be read: {reason}");
    }

    /// <summary>The last line.</summary>
    public void Finish() => output.WriteLine($"{Passed} passed, {Failed} failed");

    private static string Cut(string text) => text.Length <= WidthMax ? text : text[..WidthMax] + "...";
}
