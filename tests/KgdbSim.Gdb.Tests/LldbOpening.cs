using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace KgdbSim.Gdb.Tests;

/// <summary>The packets with which lldb 14 opens a session: what can be held to where lldb itself is not installed.</summary>
internal static class LldbOpening
{
    /// <summary>Asks them, and holds the replies to what lldb needs; what is not known gets the empty reply (GDB manual, "Overview").</summary>
    public static void Check(string address, string repeat)
    {
        using TcpClient client = new() { ReceiveTimeout = 60_000 };
        client.Connect(IPEndPoint.Parse(address));
        NetworkStream stream = client.GetStream();
        (string Packet, string Start)[] opening =
        [
            ("QStartNoAckMode", "+$OK#"),
            ("qSupported:xmlRegisters=i386,arm,mips,arc", "$PacketSize="),
            ("QThreadSuffixSupported", "$#"),
            ("qHostInfo", "$#"),
            ("vCont?", "$vCont;c;C;s;S"),
            ("qC", "$QC"),
            ("?", "$T05"),
        ];
        foreach ((string packet, string start) in opening)
        {
            string reply = Ask(stream, packet);
            Assert.True(reply.StartsWith(start, StringComparison.Ordinal), $"{packet}: '{reply}' instead of '{start}...'\n{repeat}");
        }
    }

    private static string Ask(NetworkStream stream, string packet)
    {
        int sum = packet.Sum(static character => character) & 0xff;
        stream.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"${packet}#{sum:x2}")));
        StringBuilder reply = new();
        for (int behind = -1; behind != 0;)
        {
            int next = stream.ReadByte();
            Assert.True(next >= 0, $"the stub has closed the connection after '{packet}'");
            reply.Append((char)next);
            behind = next == '#' ? 2 : behind - 1;
        }

        return reply.ToString();
    }
}
