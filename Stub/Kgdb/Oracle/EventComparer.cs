using System.Globalization;

namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>
/// Compares the recorded order of events with ours by what they do to DR7: each CPU must go through the recorded values in their order (the
/// recorder looked now and then only), the CPU that trapped must change first, and the master last when all leave. How the other CPUs
/// interleave is nobody's to say.
/// </summary>
internal static class EventComparer
{
    /// <returns>What was recorded and what came, for each difference.</returns>
    public static IEnumerable<(string Want, string Have)> Compare(
        IReadOnlyList<FunctionEvent> events, IReadOnlyList<(int Cpu, ulong Control)> history)
    {
        if (events.Count == 0)
        {
            yield break;
        }

        int cpuCount = events[0].Controls.Count;
        if (events.Any(e => e.Controls.Count != cpuCount))
        {
            yield return ($"DR7 of {cpuCount} CPUs in each event", "not in each");
            yield break;
        }

        for (int cpu = 0; cpu < cpuCount; cpu++)
        {
            List<ulong> recorded = Distinct(events.Select(e => e.Controls[cpu]));
            ulong[] ours = [.. history.Where(h => h.Cpu == cpu).Select(h => h.Control)];

            // What a CPU had before is not written again.
            if (!IsWithin(recorded[1..], ours))
            {
                yield return ($"cpu{cpu} dr7 {Join(recorded)}", $"cpu{cpu} dr7 {Join(ours)}");
            }
        }

        FunctionEvent? entry = events.FirstOrDefault(e => e.Function is "exc_int3" or "exc_debug");
        FunctionEvent? exit = events.FirstOrDefault(e => e.Function == "dbg_activate_sw_breakpoints");
        if (entry is not null && exit is null && history.Count > 0 && history[0].Cpu != entry.Cpu)
        {
            yield return ($"cpu{entry.Cpu} first", $"cpu{history[0].Cpu}");
        }

        if (exit is not null && entry is null && history.Count > 0 && history[^1].Cpu != exit.Cpu)
        {
            yield return ($"cpu{exit.Cpu} last", $"cpu{history[^1].Cpu}");
        }
    }

    private static List<ulong> Distinct(IEnumerable<ulong> values)
    {
        var result = new List<ulong>();
        foreach (ulong value in values)
        {
            if (result.Count == 0 || result[^1] != value)
            {
                result.Add(value);
            }
        }

        return result;
    }

    private static bool IsWithin(IReadOnlyList<ulong> wanted, IReadOnlyList<ulong> values)
    {
        int found = 0;
        foreach (ulong value in values)
        {
            found += found < wanted.Count && wanted[found] == value ? 1 : 0;
        }

        return found == wanted.Count;
    }

    private static string Join(IEnumerable<ulong> values) =>
        string.Join(' ', values.Select(v => v.ToString("x", CultureInfo.InvariantCulture)));
}
