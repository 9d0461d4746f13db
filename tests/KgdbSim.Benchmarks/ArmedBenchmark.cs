using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace KgdbSim.Benchmarks;

/// <summary>
/// How much slower the guest dbghot runs with breakpoints and watchpoints that are never hit, through the debugger's
/// packets, ours against QEMU in alternation.
/// </summary>
internal static class ArmedBenchmark
{
    private const int Scale = 10;

    private sealed record Case(string Name, bool SlowOnQemu, params (int Type, string Symbol, int Offset, int Length)[] Points);

    private static readonly Case[] Cases =
    [
        new("none", false),
        new("Z0 same code page", true, (0, "never_same_page", 0, 1)),
        new("Z0 other page", false, (0, "never_other", 0, 1)),
        new("Z1 same code page", true, (1, "never_same_page", 0, 1)),
        new("Z2 hot data page", true, (2, "page1", 768 * 4, 8)),
        new("Z4 hot data page", true, (4, "page1", 768 * 4, 8)),
        new("Z2 other page", false, (2, "cold_unused", 0, 8)),
        new("Z4 other page", false, (4, "cold_unused", 0, 8)),
    ];

    public static int Run(string[] args)
    {
        int rounds = args is ["-n", string n] ? int.Parse(n) : 3;
        var seconds = new Dictionary<(string, string), List<double>>();
        for (int round = 0; round < rounds; round++)
        {
            foreach (Case c in Cases)
            {
                foreach (Peer peer in new[] { Peer.QemuStub, Peer.OursStub })
                {
                    // What is a hundred times slower there gets a tenth of the work.
                    int scale = peer == Peer.QemuStub && c.SlowOnQemu ? 1 : Scale;
                    double perUnit = Once(peer, c, scale) / scale;
                    if (!seconds.TryGetValue((peer.Name, c.Name), out List<double>? list))
                    {
                        seconds[(peer.Name, c.Name)] = list = [];
                    }

                    list.Add(perUnit);
                }
            }
        }

        Console.WriteLine($"{"case",-22}{"QEMU slower x",15}{"KgdbSim slower x",18}");
        foreach (Case c in Cases)
        {
            double theirs = Peer.Median(seconds[(Peer.QemuStub.Name, c.Name)]) / Peer.Median(seconds[(Peer.QemuStub.Name, "none")]);
            double ours = Peer.Median(seconds[(Peer.OursStub.Name, c.Name)]) / Peer.Median(seconds[(Peer.OursStub.Name, "none")]);
            Console.WriteLine($"{c.Name,-22}{theirs,15:f2}{ours,18:f2}");
        }

        return 0;
    }

    private static double Once(Peer peer, Case c, int scale)
    {
        string elf = Path.Combine(Peer.GuestFolder(scale), "dbghot.elf");
        Dictionary<string, ulong> symbols = Symbols(elf);
        int port = FreePort();
        using Process process = peer.Start(elf, 1, port);
        process.BeginErrorReadLine();
        using Socket socket = Connect(port);
        Send(socket, "qSupported:swbreak+;hwbreak+");
        Send(socket, "Hg0");
        Send(socket, "?");
        Send(socket, $"Z0,{symbols["kernel_begin"]:x},1");
        Send(socket, "c");
        Send(socket, $"z0,{symbols["kernel_begin"]:x},1");
        foreach ((int type, string symbol, int offset, int length) in c.Points)
        {
            string reply = Send(socket, $"Z{type},{symbols[symbol] + (ulong)offset:x},{length}");
            if (reply != "OK")
            {
                throw new InvalidOperationException($"{peer.Name}: Z{type} answered '{reply}'");
            }
        }

        double begin = Peer.CpuSeconds(process);
        SendOnly(socket, "c");
        double end = begin;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith("E ", StringComparison.Ordinal))
            {
                end = Peer.CpuSeconds(process);
                break;
            }
        }

        process.Kill();
        process.WaitForExit();
        return end - begin;
    }

    private static Dictionary<string, ulong> Symbols(string elf)
    {
        using Process nm = Process.Start(new ProcessStartInfo("nm", [elf]) { RedirectStandardOutput = true })!;
        return nm.StandardOutput.ReadToEnd().Split('\n')
            .Select(l => l.Split(' '))
            .Where(f => f.Length == 3)
            .ToDictionary(f => f[2], f => Convert.ToUInt64(f[0], 16));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Socket Connect(int port)
    {
        for (int i = 0; ; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                socket.Connect("127.0.0.1", port);
                return socket;
            }
            catch (SocketException) when (i < 200)
            {
                socket.Dispose();
                Thread.Sleep(50);
            }
        }
    }

    private static void SendOnly(Socket socket, string packet) =>
        socket.Send(Encoding.Latin1.GetBytes($"${packet}#{packet.Sum(c => c) & 0xFF:x2}"));

    private static string Send(Socket socket, string packet)
    {
        SendOnly(socket, packet);
        var text = new StringBuilder();
        byte[] buffer = new byte[65536];
        while (true)
        {
            int count = socket.Receive(buffer);
            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
            string all = text.ToString();
            int start = all.IndexOf('$');
            int end = start < 0 ? -1 : all.IndexOf('#', start);
            if (count == 0 || (end >= 0 && all.Length >= end + 3))
            {
                socket.Send("+"u8);
                return count == 0 ? "" : all[(start + 1)..end];
            }
        }
    }
}
