namespace KgdbSim.Tidy.Tests.Rules;

/// <summary>How large files, lines and methods may get.</summary>
public static class Limits
{
    public const int FileLinesMax = 500;
    public const int LineColumnsMax = 150;
    public const int MethodLinesMax = 70;

    public static IEnumerable<string> Check(SourceFile file)
    {
        if (file.Lines.Length > FileLinesMax)
        {
            yield return $"{file.Path}: {file.Lines.Length} lines, at most {FileLinesMax}";
        }

        for (int i = 0; i < file.Lines.Length; i++)
        {
            // Recorded vectors and regular expressions stand in one piece.
            bool literal = file.IsTest && file.Lines[i].Contains('"', StringComparison.Ordinal);
            if (file.Lines[i].Length > LineColumnsMax && !literal)
            {
                yield return $"{file.Path}:{i + 1}: {file.Lines[i].Length} columns, at most {LineColumnsMax}";
            }
        }

        foreach (string complaint in Methods(file))
        {
            yield return complaint;
        }
    }

    // The formatter keeps members of a type at four blanks, so a member's body is what stands between "    {" and "    }".
    // Table literals, which have no statements, may be longer.
    private static IEnumerable<string> Methods(SourceFile file)
    {
        int start = -1;
        for (int i = 0; i < file.Lines.Length; i++)
        {
            if (file.Lines[i] == "    {" && i > 0)
            {
                start = i;
            }
            else if (file.Lines[i] == "    }" && start >= 0)
            {
                bool statements = file.Lines[start..i].Any(l =>
                    l.Contains(';', StringComparison.Ordinal) && !l.Contains(".Add(", StringComparison.Ordinal)
                    && !l.Contains("Register(table)", StringComparison.Ordinal) && !l.Contains("Rows", StringComparison.Ordinal));
                if (i - start - 1 > MethodLinesMax && statements)
                {
                    yield return $"{file.Path}:{start}: a method of {i - start - 1} lines, at most {MethodLinesMax}";
                }

                start = -1;
            }
        }
    }
}
