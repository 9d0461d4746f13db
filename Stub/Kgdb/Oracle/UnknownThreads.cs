using System.Globalization;
using System.Text;

namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>
/// Tasks of the recorded kernel beyond the stage: whether there is one of an id is that kernel's business. Where the recording says yes and
/// the stage has none, another of the kernel's own answers; where it says no, nobody does.
/// </summary>
internal sealed class UnknownThreads(IOracleStage stage, ThreadMap threads)
{
    private const uint KernelThreadDaemon = 2;

    /// <summary>No kernel has so many tasks.</summary>
    private const uint Nobody = 0x7fff_fffe;

    private static readonly string[] Prefixes = ["Hg", "Hc", "T", "qThreadExtraInfo,"];

    /// <summary>Looks at a request that names a thread nothing is known of, and at its recorded answer.</summary>
    public void Consider(string request, TranscriptEntry? answer)
    {
        string? prefix = Array.Find(Prefixes, p => request.StartsWith(p, StringComparison.Ordinal));
        if (prefix is null || answer is not { Kind: EntryKind.Received }
            || !uint.TryParse(request[prefix.Length..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint id)
            || id is 0 or > int.MaxValue || threads.Knows(id))
        {
            return;
        }

        bool refused = Encoding.Latin1.GetString(answer.Bytes) == "E22";
        if (stage.HasTask((int)id) == refused)
        {
            threads.StandIn(id, refused ? Nobody : KernelThreadDaemon);
        }
    }
}
