using KgdbSim.Stub.Kgdb.Oracle.Stage;

namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>
/// Replays transcripts on the stage. Where several CPUs do something at the same instant the recorded kernel takes them in no defined
/// order, so each order is tried until one agrees with the recording.
/// </summary>
internal static class OracleRunner
{
    /// <summary>The differences of the order that has fewest without a reason; empty: all as recorded.</summary>
    public static IReadOnlyList<OracleDifference> Run(Transcript transcript)
    {
        IReadOnlyList<OracleDifference>? best = null;
        var layout = new StageLayout(transcript.Header);
        int cpuCount = transcript.Header.CpuCount;
        bool ordered = !transcript.Entries.Any(IsSimultaneous);
        foreach (int[] order in Orders([.. Enumerable.Range(0, cpuCount)], 0))
        {
            using var stage = new OracleStage(transcript, layout, order);
            IReadOnlyList<OracleDifference> differences = new OracleReplay(transcript, layout, stage).Run();
            if (best is null || CountOpen(differences) < CountOpen(best))
            {
                best = differences;
            }

            if (ordered || CountOpen(best) == 0)
            {
                break;
            }
        }

        return best!;
    }

    /// <summary>How many have no reason.</summary>
    public static int CountOpen(IReadOnlyList<OracleDifference> differences) => differences.Count(d => d.Reason is null);

    // Two commands without a reply in between run side by side, whether they wait for each other or not.
    private static bool IsSimultaneous(TranscriptEntry entry) =>
        entry.Kind == EntryKind.ConsoleInput && ConsoleCommand.Parse(entry.Text) is { Kind: "run", Participants: not 1 };

    private static IEnumerable<int[]> Orders(int[] numbers, int fixedCount)
    {
        if (fixedCount >= numbers.Length)
        {
            yield return [.. numbers];
            yield break;
        }

        for (int i = fixedCount; i < numbers.Length; i++)
        {
            (numbers[fixedCount], numbers[i]) = (numbers[i], numbers[fixedCount]);
            foreach (int[] order in Orders(numbers, fixedCount + 1))
            {
                yield return order;
            }

            (numbers[fixedCount], numbers[i]) = (numbers[i], numbers[fixedCount]);
        }
    }
}
