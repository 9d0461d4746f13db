using System.Text;

namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>How the recorder made the guest's serial line break, and the key that means "debugger" after it.</summary>
internal static class SerialBreak
{
    /// <summary>drivers/tty/sysrq.c: 'g' calls kgdb_breakpoint.</summary>
    public const byte DebugKey = (byte)'g';

    /// <summary>IAC BREAK (RFC 854): not seen by the guest as bytes.</summary>
    public static ReadOnlySpan<byte> Telnet => [0xff, 0xf3];

    /// <summary>
    /// What a note that speaks of a BREAK stands for. Where the recorder only wrote that it did so, it is done here; where bytes follow that
    /// say the same, they do it.
    /// </summary>
    public static byte[] BytesFor(TranscriptEntry note, IEnumerable<TranscriptEntry> following)
    {
        if (!note.Text.Contains("BREAK", StringComparison.Ordinal))
        {
            return [];
        }

        bool keyFollows = false;
        foreach (TranscriptEntry next in following)
        {
            switch (next.Kind)
            {
                case EntryKind.SentRaw when next.Bytes.AsSpan().IndexOf(Telnet) >= 0:
                    return [];
                case EntryKind.SentRaw:
                    keyFollows |= next.Bytes is [DebugKey, ..];
                    break;
                case EntryKind.Received when ReplyComparer.IsStop(Encoding.Latin1.GetString(next.Bytes)):
                    return keyFollows ? [.. Telnet] : [.. Telnet, DebugKey];
                case EntryKind.Received or EntryKind.Sent:
                    return [];
                default:
                    break;
            }
        }

        return [];
    }
}
