using System.Globalization;
using System.Text;

namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>
/// Finds out before the replay which recorded ids the stage's standing tasks had, from the names that the recording asked for: a packet
/// may use an id long before one of its replies tells.
/// </summary>
internal sealed class ThreadNameScan(Transcript transcript, IOracleStage stage)
{
    private const string Query = "qThreadExtraInfo,";

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
                continue;
            }

            string name = Encoding.Latin1.GetString(Convert.FromHexString(Encoding.Latin1.GetString(answered.Bytes))).TrimEnd('\0');
            if ((name == "init" || name.StartsWith("worker", StringComparison.Ordinal)) && stage.FindTask(name) is { } ours)
            {
                threads.Match(recorded, (uint)ours);
            }
        }
    }
}
