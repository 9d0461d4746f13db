using System.Globalization;
using System.Text;
using KgdbSim.Stub.Kgdb.Faithful;
using KgdbSim.Stub.Kgdb.Oracle.Stage;

namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>Compares one reply with the recorded one in the light of the packet that asked for it ("What a replay compares").</summary>
internal sealed class ReplyComparer(StageLayout layout, ThreadMap threads, RegisterExpectation registers)
{
    /// <summary>How the one console message of kgdb's own begins.</summary>
    public const string SignalMessagePrefix = "O4b474442206f6e6c79206b6e6f7773";

    /// <summary>Whether a reply says that the kernel has stopped.</summary>
    public static bool IsStop(string reply) => reply.StartsWith('T') && reply.Contains("thread:", StringComparison.Ordinal);

    /// <returns>What differs, or null.</returns>
    public string? Compare(string request, string recorded, string ours)
    {
        if (recorded == ours && recorded.StartsWith('E'))
        {
            return null;
        }

        if (IsStop(recorded) && IsStop(ours))
        {
            return CompareStops(recorded, ours);
        }

        if (recorded.StartsWith('O') && recorded != "OK")
        {
            // Log texts are the kernel's own; the message about signals is kgdb's.
            bool same = recorded.StartsWith(SignalMessagePrefix, StringComparison.Ordinal) ? recorded == ours : ours.StartsWith('O');
            return same ? null : "another text";
        }

        return request.Length == 0 ? Exact(recorded, ours) : CompareAnswers(request, recorded, ours);
    }

    private string? CompareAnswers(string request, string recorded, string ours)
    {
        switch (request[0])
        {
            case 'g':
                return registers.CompareImages(recorded, ours);
            case 'p':
                new PacketCursor(Terminated(request), 1).ReadNumber(out ulong number);
                int register = (int)Math.Min(number, RegisterNumber.Count);
                bool fixedReply = recorded.Length == 0 || recorded[0] == 'E' || recorded.Length != ours.Length;
                return !fixedReply && !registers.Determines(register, recorded) ? null : Exact(recorded, ours);
            case 'm' or 'M' or 'X':
                return IsForeignMemory(request) ? null : Exact(recorded, ours);
            case 'Z' or 'z' when request is [_, '0', ',', ..]:
                return IsForeignCode(request) ? null : Exact(recorded, ours);
            case 'q' when request.StartsWith("qC", StringComparison.Ordinal):
                return CompareThread(recorded, ours, 2);
            case 'q' when request.StartsWith("qfThreadInfo", StringComparison.Ordinal):
                return CompareLists(recorded, ours);
            case 'q' when request.StartsWith("qsThreadInfo", StringComparison.Ordinal):
                // How many tasks there are is not kgdb's: one list may end a reply before the other.
                return IsListPart(ours) && (recorded.Length == 0 || ours.Length == 0) ? null : CompareLists(recorded, ours);
            case 'q' when request.StartsWith("qThreadExtraInfo,", StringComparison.Ordinal):
                return CompareNames(recorded, ours);
            default:
                return Exact(recorded, ours);
        }
    }

    /// <summary>Memory of the kernel around the stage; of addresses where nothing can be, the refusal is compared.</summary>
    private bool IsForeignMemory(string request)
    {
        var cursor = new PacketCursor(Terminated(request), 1);
        if (cursor.ReadNumber(out ulong address) == 0 || !cursor.Take(',') || cursor.ReadNumber(out ulong length) == 0)
        {
            return false;
        }

        bool kernelHalf = address >= 0xffff_8000_0000_0000 && address < 0xffff_ffff_ffff_f000;
        return kernelHalf && !layout.Covers(address, length & 0xffff);
    }

    /// <summary>The kernel's half outside of its image: what is mapped there is the kernel's own.</summary>
    private static bool IsForeignCode(string request)
    {
        var cursor = new PacketCursor(Terminated(request), 3);
        bool read = cursor.ReadNumber(out ulong address) > 0;
        return read && address >= 0xffff_8000_0000_0000 && address < 0xffff_ffff_ffff_f000
            && (address < StageMap.Text || address >= StageMap.ImageEnd);
    }

    private string? CompareStops(string recorded, string ours) =>
        recorded[..3] != ours[..3] ? "another signal" : CompareThread(recorded.TrimEnd(';'), ours.TrimEnd(';'), "T05thread:".Length);

    private string? CompareThread(string recorded, string ours, int at)
    {
        if (recorded.Length <= at || ours.Length <= at || recorded[..at] != ours[..at])
        {
            return Exact(recorded, ours);
        }

        return uint.TryParse(recorded[at..], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint was)
            && uint.TryParse(ours[at..], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint now)
            && threads.Match(was, now)
            ? null
            : "another thread";
    }

    /// <summary>Of thread lists, the shadow threads and how many tasks make a full reply are kgdb's; the tasks are not.</summary>
    private static string? CompareLists(string recorded, string ours)
    {
        if (!recorded.StartsWith('m'))
        {
            return Exact(recorded, ours);
        }

        string[] expected = recorded[1..].Split(',');
        string[] actual = ours.StartsWith('m') ? ours[1..].Split(',') : [];
        int shadows = expected.Count(IsShadow);
        if (actual.Length == 0 || !expected.Take(shadows).SequenceEqual(actual.Take(shadows)) || actual.Count(IsShadow) != shadows)
        {
            return "other shadow threads";
        }

        bool tooMany = actual.Length - shadows > QueryPackets.ThreadsPerReply;
        bool full = expected.Length - shadows == QueryPackets.ThreadsPerReply;
        return tooMany || (full && shadows > 0 && actual.Length != expected.Length) ? "another number of threads" : null;
    }

    private static string? CompareNames(string recorded, string ours)
    {
        bool ofStage = recorded.Length != 32 || !HexText.TryBytes(recorded, out byte[] name)
            || Encoding.Latin1.GetString(name).TrimEnd('\0')
                is "init" or "worker0" or "worker1" or "worker2" or "worker3" or "runner" or "sysrq";
        return ofStage || ours.Length != recorded.Length ? Exact(recorded, ours) : null;
    }

    private static bool IsListPart(string reply) => reply.Length == 0 || reply.StartsWith('m');

    private static bool IsShadow(string id) => id.StartsWith("fffffff", StringComparison.Ordinal);

    private static string? Exact(string recorded, string ours) => recorded == ours ? null : "another reply";

    private static byte[] Terminated(string text) => [.. Encoding.Latin1.GetBytes(text), 0, 0];
}
