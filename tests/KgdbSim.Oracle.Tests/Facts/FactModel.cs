using System.Globalization;
using System.Text.RegularExpressions;

namespace KgdbSim.Oracle.Tests.Facts;

/// <summary>
/// The table "Packets (exact replies)" of the oracle's facts as a prediction: what a stopped 6.1 answers, and which breakpoints it then has.
/// Written from the table alone. The kernel is the stage's, stopped by sysrq-g on CPU 1 of 4.
/// </summary>
internal sealed partial class FactModel
{
    public const ulong Buffer = 0xffff_ffff_81bc_e000;
    public const ulong ReadOnly = 0xffff_ffff_8184_3780;
    public const ulong Code = 0xffff_ffff_8125_f080;

    private const int SlotsMax = 4;
    private const string Thread = "42";

    private static readonly int[] Tasks = [1, 2, 0x3d, 0x42];

    private readonly HashSet<ulong> _software = [];
    private readonly List<ulong> _hardware = [];
    private bool _otherThread;

    /// <summary>The reply to a packet as a regular expression; null if the table does not decide it. What the packet changes is noted.</summary>
    public string? Predict(string packet) => packet.Length == 0 ? "" : packet[0] switch
    {
        '?' => Status(),
        'q' => Query(packet),
        'T' => IsOpen(packet[1..]) ? "OK|E22" : Find(packet[1..]) is null ? "E22" : "OK",
        'H' => Select(packet),
        'g' => "[0-9a-f]{312}",
        'p' => ReadRegister(packet[1..]),
        'P' => WriteRegister(packet[1..]),
        'm' => ReadMemory(packet[1..]),
        'M' or 'X' => WriteMemory(packet),
        'Z' or 'z' => Breakpoint(packet),
        'G' => _otherThread ? "E22" : "OK",
        'R' when packet == "R0" => null,
        'c' or 's' or 'C' or 'D' or 'k' => null,
        _ => "",
    };

    private string Status()
    {
        _software.Clear();
        _hardware.Clear();
        return "S05";
    }

    private static string Query(string packet)
    {
        const string Extra = "qThreadExtraInfo,";
        if (packet.StartsWith(Extra, StringComparison.Ordinal))
        {
            int? found = Find(packet[Extra.Length..]);
            return IsOpen(packet[Extra.Length..]) ? "E22|[0-9a-f]{32}" : found switch
            {
                null => "E22",
                > 0 => "[0-9a-f]{32}",
                _ => Hex("shadowCPU" + (-found.Value - 2).ToString(CultureInfo.InvariantCulture)),
            };
        }

        return packet.StartsWith("qC", StringComparison.Ordinal) ? "QC" + Thread
            : packet.StartsWith("qfThreadInfo", StringComparison.Ordinal) ? "mfffffffe,fffffffd,fffffffc,fffffffb(,([0-9a-f]{2}){1,4}){17}"
            : packet.StartsWith("qsThreadInfo", StringComparison.Ordinal) ? "(m([0-9a-f]{2}){1,4}(,([0-9a-f]{2}){1,4}){0,16})?"
            : "";
    }

    private string Select(string packet)
    {
        if (packet.Length < 2 || packet[1] is not ('g' or 'c'))
        {
            return "";
        }

        if (IsOpen(packet[2..]))
        {
            return "OK|E22";
        }

        int? found = Find(packet[2..]);
        if (found is null)
        {
            return "E22";
        }

        if (packet[1] == 'g')
        {
            // Itself by its id, by its CPU's shadow, or as nobody in particular.
            _otherThread = found is not (0 or -1 or -3 or 0x42);
        }

        return "OK";
    }

    /// <summary>Small ids: which of them are tasks is the kernel's own matter.</summary>
    private static bool IsOpen(string text)
    {
        Number(text, out ulong value, out _);
        return (int)value is > 0 and < 0x100 && !Tasks.Contains((int)value);
    }

    /// <summary>The id of a thread that exists; null where the table says E22. Thread ids are C ints.</summary>
    private static int? Find(string text)
    {
        Number(text, out ulong value, out _);
        int id = (int)value;
        return id is <= 0 and >= -9 || Tasks.Contains(id) ? id : null;
    }

    private static string ReadRegister(string text)
    {
        Number(text, out ulong number, out _);
        return number switch
        {
            <= 16 => "[0-9a-f]{16}",
            <= 23 => "[0-9a-f]{8}",
            _ => "E22",
        };
    }

    private string WriteRegister(string text)
    {
        int used = Number(text, out ulong number, out _);
        bool good = used < text.Length && text[used] == '=' && (int)number is (>= 0 and < 24) or 57 && !_otherThread;
        return good ? "OK" : "E22";
    }

    /// <summary>What became of a packet that the table alone does not decide.</summary>
    public void Observe(string packet, string reply)
    {
        if (packet.Length > 3 && packet[..3] is "Z0," or "z0," && reply == "OK" && Range(packet[3..], out ulong address, out _, out _))
        {
            _ = packet[0] == 'Z' ? _software.Add(address) : _software.Remove(address);
        }

        if (packet.StartsWith("Hg", StringComparison.Ordinal) && reply == "OK" && IsOpen(packet[2..]))
        {
            _otherThread = true;
        }
    }

    private static string ReadMemory(string text)
    {
        if (!Range(text, out ulong address, out ulong length, out _))
        {
            return "E22";
        }

        bool stage = IsData(address, length) || IsText(address, length);
        return stage ? $"[0-9a-f]{{{2 * length}}}" : IsKernel(address) || length == 0 ? "([0-9a-f]{2})*|E22" : "E22";
    }

    private static string? WriteMemory(string packet)
    {
        if (!Range(packet[1..], out ulong address, out ulong length, out int used) || used >= packet.Length - 1 || packet[used + 1] != ':')
        {
            return "E22";
        }

        return length == 0 || IsData(address, length) ? "OK" : IsKernel(address) && !IsText(address, 1) ? "OK|E14" : "E14";
    }

    private string? Breakpoint(string packet)
    {
        if (packet.Length < 2 || packet[1] is < '0' or > '4')
        {
            return "";
        }

        string rest = packet[2..];
        if (rest.Length == 0 || rest[0] != ',' || !Range(rest[1..], out ulong address, out ulong length, out _))
        {
            return "E22";
        }

        return packet[..2] switch
        {
            "Z0" when _software.Contains(address) => "E17",
            "Z0" when IsData(address, 1) || IsText(address, 1) => "OK",
            "Z0" => IsKernel(address) ? "OK|E14|E22" : address == ulong.MaxValue ? "E14" : "E34",
            "z0" => _software.Contains(address) ? "OK" : "E02",
            "Z1" => Arm(address),
            "Z2" or "Z4" => (int)length is 1 or 2 or 4 or 8 ? Arm(address) : "E01",
            "Z3" => "E01",
            _ => _hardware.Remove(address) ? "OK" : "E01",
        };
    }

    private string Arm(ulong address)
    {
        if (_hardware.Count == SlotsMax)
        {
            return "E01";
        }

        _hardware.Add(address);
        return "OK";
    }

    private static bool IsData(ulong address, ulong length) => IsWithin(address, length, Buffer, 4096);

    private static bool IsText(ulong address, ulong length) => IsWithin(address, length, Code, 64) || IsWithin(address, length, ReadOnly, 8);

    private static bool IsWithin(ulong address, ulong length, ulong start, ulong size) =>
        address >= start && address - start < size && length <= size - (address - start);

    /// <summary>The kernel's half but for its last page: what is mapped there is not the table's matter.</summary>
    private static bool IsKernel(ulong address) => address >= 0xffff_8000_0000_0000 && address < 0xffff_ffff_ffff_f000;

    private static bool Range(string text, out ulong address, out ulong length, out int used)
    {
        length = 0;
        used = Number(text, out address, out int digits);
        if (digits == 0 || used >= text.Length || text[used] != ',')
        {
            return false;
        }

        used++;
        used += Number(text[used..], out length, out digits);
        return digits > 0;
    }

    /// <returns>Characters that belong to it: a minus, then hexadecimal digits up to the first that is none.</returns>
    private static int Number(string text, out ulong value, out int digits)
    {
        Match match = Digits().Match(text);
        string found = match.Groups[1].Value;
        digits = found.Length;
        value = 0;
        foreach (char digit in found)
        {
            value = (value << 4) | (uint)Convert.ToInt32(digit.ToString(), 16);
        }

        value = match.Value.StartsWith('-') ? 0 - value : value;
        return match.Length;
    }

    private static string Hex(string text) => Convert.ToHexStringLower(System.Text.Encoding.Latin1.GetBytes(text));

    [GeneratedRegex("^-?([0-9a-fA-F]*)")]
    private static partial Regex Digits();
}
