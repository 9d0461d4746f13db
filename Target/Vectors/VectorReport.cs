namespace KgdbSim.Target.Vectors;

/// <summary>Writes what a run of vectors came to: a table by instruction, the records judged apart, and the sum.</summary>
internal static class VectorReport
{
    private const int Columns = 4;

    public static void Write(VectorTally tally, TextWriter output)
    {
        int column = 0;
        foreach ((string name, VectorCount count) in tally.ByName.OrderBy(row => row.Key, StringComparer.Ordinal))
        {
            string cell = count.Failed == 0 ? $"{name} {count.Passed}" : $"{name} {count.Passed} FAILED {count.Failed}";
            bool last = ++column % Columns == 0;
            output.Write(last ? cell : cell.PadRight(30));
            output.Write(last ? '\n' : ' ');
        }

        if (column % Columns != 0)
        {
            output.WriteLine();
        }

        foreach ((string tag, VectorCount count) in tally.Apart.OrderBy(row => row.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"apart, tagged {tag}: {count.Passed} as recorded, {count.Failed} not");
        }

        output.WriteLine($"{tally.Total.Passed} passed, {tally.Total.Failed} failed");
    }
}
