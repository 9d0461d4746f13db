using System.Text.Json;
using KgdbSim.Target.Scheduling;

namespace KgdbSim.Target.Exploration;

/// <summary>Reports as files, and the report that the parts of a divided exploration make together.</summary>
public static class ResultFile
{
    private const string Format = "kgdbsim-exploration";
    private const int Version = 1;

    /// <summary>The report as JSON, with a checksum.</summary>
    public static byte[] Write(ExplorationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return ChecksummedJson.Write(writer =>
        {
            writer.WriteString("format", Format);
            writer.WriteNumber("version", Version);
            ReportJson.Write(writer, report);
        });
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="ResultFileException">It is damaged, or something else, or of another version.</exception>
    public static ExplorationReport Read(ReadOnlySpan<byte> text)
    {
        using JsonDocument document = ChecksummedJson.TryRead(text)
            ?? throw new ResultFileException(ResultFileError.Damaged, "The file is damaged: its checksum doesn't match.");
        try
        {
            JsonElement json = document.RootElement;
            if (!json.TryGetProperty("format", out JsonElement format) || format.GetString() != Format)
            {
                throw new ResultFileException(ResultFileError.NotAResult, "This is no result of an exploration.");
            }

            int version = json.GetProperty("version").GetInt32();
            return version == Version
                ? ReportJson.Read(json)
                : throw new ResultFileException(ResultFileError.UnsupportedVersion,
                    $"The file is of version {version}; this program reads version {Version}.");
        }
        catch (Exception exception)
            when (exception is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new ResultFileException(ResultFileError.Damaged, $"The file makes no sense: {exception.Message}");
        }
    }

    /// <summary>One report from those of all shards of one exploration, in any order.</summary>
    /// <exception cref="ResultFileException">
    /// There are none, they are of different explorations, one is there twice, or one is missing.
    /// </exception>
    public static ExplorationReport Merge(IReadOnlyList<ExplorationReport> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        CheckCoverage(parts);
        ExplorationReport[] ordered = [.. parts.OrderBy(part => part.Shard.Index)];
        SortedDictionary<string, long> outcomes = new(StringComparer.Ordinal);
        foreach ((string outcome, long count) in ordered.SelectMany(part => part.Outcomes))
        {
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + count;
        }

        return ordered[0] with
        {
            Shard = Shard.Whole,
            Verdict = VerdictOf(ordered),
            IsFinished = ordered.All(part => part.IsFinished),
            ExecutionCount = ordered.Sum(part => part.ExecutionCount),
            RedundantCount = ordered.Sum(part => part.RedundantCount),
            TooLongCount = ordered.Sum(part => part.TooLongCount),
            StepCount = ordered.Sum(part => part.StepCount),
            LongestRun = ordered.Max(part => part.LongestRun),
            Outcomes = [.. outcomes],
            OutcomesOverflowed = ordered.Any(part => part.OutcomesOverflowed),
            Counterexamples = [.. ordered.SelectMany(part => part.Counterexamples)
                .DistinctBy(found => (found.Violation.Kind, found.Violation.Property))],
            Error = ordered.Select(part => part.Error).FirstOrDefault(error => error is not null),
            ErrorToken = ordered.FirstOrDefault(part => part.Error is not null)?.ErrorToken,
        };
    }

    private static void CheckCoverage(IReadOnlyList<ExplorationReport> parts)
    {
        if (parts.Count == 0)
        {
            throw new ResultFileException(ResultFileError.NothingToMerge, "There is nothing to merge.");
        }

        ExplorationReport first = parts[0];
        foreach (ExplorationReport part in parts)
        {
            if (part.Program != first.Program)
            {
                throw new ResultFileException(ResultFileError.DifferentPrograms,
                    $"One part is of '{first.Program}', another of '{part.Program}'.");
            }

            if (part.Options != first.Options || part.Shard.Count != first.Shard.Count)
            {
                throw new ResultFileException(ResultFileError.DifferentOptions,
                    $"One part was made with '{first.Options}' as {first.Shard}, another with '{part.Options}' as {part.Shard}.");
            }
        }

        bool[] present = new bool[first.Shard.Count];
        foreach (ExplorationReport part in parts)
        {
            if (present[part.Shard.Index])
            {
                throw new ResultFileException(ResultFileError.OverlappingShards, $"Shard {part.Shard} is there twice.");
            }

            present[part.Shard.Index] = true;
        }

        int missing = Array.IndexOf(present, false);
        if (missing >= 0)
        {
            throw new ResultFileException(ResultFileError.MissingShards,
                $"Shard {new Shard(missing, first.Shard.Count)} is missing.");
        }
    }

    private static Verdict VerdictOf(IReadOnlyList<ExplorationReport> parts)
    {
        foreach (Verdict verdict in new[] { Verdict.Error, Verdict.Violated, Verdict.Bounded })
        {
            if (parts.Any(part => part.Verdict == verdict))
            {
                return verdict;
            }
        }

        return Verdict.Exhausted;
    }
}
