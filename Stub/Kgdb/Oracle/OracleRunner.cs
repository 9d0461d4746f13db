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
        bool ordered = !HasSimultaneousRuns(transcript);
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

    /// <summary>Two runs without a stop between them go side by side.</summary>
    private static bool HasSimultaneousRuns(Transcript transcript)
    {
        bool running = false;
        foreach (TranscriptEntry entry in transcript.Entries)
        {
            if (entry.Kind == EntryKind.Received && entry.Bytes is [(byte)'T', _, _, (byte)'t', ..])
            {
                running = false;
            }
            else if (entry.Kind == EntryKind.ConsoleInput && ConsoleCommand.Parse(entry.Text, out _)?.Kind is "run" or "sysrq")
            {
                if (running)
                {
                    return true;
                }

                running = true;
            }
        }

        return false;
    }

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
