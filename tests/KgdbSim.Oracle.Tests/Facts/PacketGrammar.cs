using System.Globalization;

namespace KgdbSim.Oracle.Tests.Facts;

/// <summary>Packets drawn from the grammar of the facts' table by a seed: good ones, and ones that are wrong in one place or anywhere.</summary>
internal sealed class PacketGrammar(int seed)
{
    private static readonly ulong[] Places =
    [
        FactModel.Buffer, FactModel.Buffer + 1, FactModel.Buffer + 0x800, FactModel.Buffer + 4092, FactModel.ReadOnly, FactModel.Code,
        FactModel.Code + 1, FactModel.Code + 7, 0, 0x1000, 0x8000_0000_0000_0000, 0x7fff_ffff_f000, 0xffff_ffff_ffff_ffff,
    ];

    private static readonly string[] Threads =
        ["0", "-1", "1", "2", "3d", "42", "fffffffe", "fffffffd", "fffffffb", "fffffffa", "fffffff7", "fffffff6", "7fff", "200", "", "zz", "p1.1"];

    private static readonly string[] Lengths = ["0", "1", "2", "3", "4", "5", "8", "9", "10", "40", "-1", "100000001", "", "zz"];

    private static readonly string[] Others =
    [
        "", "!", "A", "bc", "bcon", "bs", "d", "i", "r", "x0,4", "vMustReplyEmpty", "vCont?", "vCont;c", "QStartNoAckMode", "qAttached", "_",
        "3", "R", "R1", "R00", "R0x", "qSupported:a+", "qRcmd,68656c70", "qP0", "qL0", "qSearch:memory:0;1;a", "qThreadInfo", "qfThreadInf",
        "H", "Hx1", "Hm0", "Z", "z", "Z,", "Z5,0,1", "Z9", "Za", "Z-1", "Z/", "g", "gg", "?", "?x", "qC", "qC1", "qCRC:0,4",
    ];

    private readonly Random _random = new(seed);

    /// <summary>The next one. None of them lets the kernel go on.</summary>
    public string Next()
    {
        string packet = _random.Next(12) switch
        {
            0 => Pick("T", "Hg", "Hc", "qThreadExtraInfo,") + Pick(Threads),
            1 => Pick("qfThreadInfo", "qsThreadInfo", "qsThreadInfo", "qfThreadInfoX"),
            2 => "p" + Number(_random.Next(64)),
            3 => $"P{Number(_random.Next(64))}={Digits(_random.Next(40))}",
            4 => "g",
            5 => "G" + Digits(_random.Next(330)),
            6 => $"m{Place()},{Length()}",
            7 => Write(),
            < 11 => $"{Pick("Z", "z")}{_random.Next(5)},{Place()},{Pick(Lengths)}",
            _ => Pick(Others),
        };
        packet = _random.Next(5) == 0 ? Spoil(packet) : packet;
        return packet.Length > 0 && packet[0] is 'c' or 's' or 'C' or 'D' or 'k' || packet == "R0" ? "!" : packet;
    }

    private string Write()
    {
        int count = _random.Next(9);
        return $"{Pick("M", "X")}{Place()},{Number(count)}:{Digits(2 * count)}";
    }

    private string Spoil(string packet)
    {
        if (packet.Length == 0)
        {
            return packet;
        }

        int at = _random.Next(packet.Length);
        return _random.Next(3) switch
        {
            0 => packet[..at],
            1 => packet.Remove(at, 1),
            _ => packet.Remove(at, 1).Insert(at, ",;:=-0fFgZ "[_random.Next(11)].ToString()),
        };
    }

    private string Place() => Number((long)Places[_random.Next(Places.Length)]);

    private string Length() => Pick("0", "1", "4", "8", "", "zz", "4junk");

    private string Digits(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => "0123456789abcdef"[_random.Next(16)]));

    private string Pick(params string[] choices) => choices[_random.Next(choices.Length)];

    private static string Number(long value) => value.ToString("x", CultureInfo.InvariantCulture);
}
