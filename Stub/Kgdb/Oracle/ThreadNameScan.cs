using System.Globalization;
using System.Text;
using KgdbSim.Stub.Kgdb.Faithful;

namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>
/// Finds out before the replay which recorded ids the stage's standing tasks had, from the names that the recording asked for: a packet
/// may use an id long before one of its replies tells.
/// </summary>
internal sealed class ThreadNameScan(Transcript transcript, IOracleStage stage)
{
    private const string Query = "qThreadExtraInfo,";

    /// <summary>The pid of kthreadd.</summary>
    private const uint KernelThreadDaemon = 2;

    public void Fill(ThreadMap threads)
    {
        for (int i = 0; i + 1 < transcript.Entries.Count; i++)
        {
            TranscriptEntry asked = transcript.Entries[i];
            TranscriptEntry answered = transcript.Entries[i + 1];
            string request = Encoding.Latin1.GetString(asked.Bytes);
            if (asked.Kind != EntryKind.Sent || answered.Kind != EntryKind.Received || answered.Bytes.Length != 32
                || !request.StartsWith(Query, StringComparison.Ordinal)
                || !uint.TryParse(request[Query.Length..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint recorded))
            {
                ScanList(request, answered, threads);
                continue;
            }

            string name = HexText.TryBytes(Encoding.Latin1.GetString(answered.Bytes), out byte[] bytes)
                ? Encoding.Latin1.GetString(bytes).TrimEnd('\0')
                : "";
            if ((name == "init" || name.StartsWith("worker", StringComparison.Ordinal)) && stage.FindTask(name) is { } ours)
            {
                threads.Match(recorded, (uint)ours);
            }
        }
    }

    /// <summary>Tasks that the recorded kernel listed exist; where ours has none of that id, kthreadd answers.</summary>
    private void ScanList(string request, TranscriptEntry answered, ThreadMap threads)
    {
        string reply = Encoding.Latin1.GetString(answered.Bytes);
        if (request is not ("qfThreadInfo" or "qsThreadInfo") || answered.Kind != EntryKind.Received || !reply.StartsWith('m'))
        {
            return;
        }

        foreach (string id in reply[1..].Split(','))
        {
            if (uint.TryParse(id, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint recorded)
                && recorded < int.MaxValue && !stage.HasTask((int)recorded))
            {
                threads.StandIn(recorded, KernelThreadDaemon);
            }
        }
    }
}
