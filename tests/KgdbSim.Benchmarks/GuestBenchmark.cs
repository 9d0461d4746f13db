using System.Diagnostics;

namespace KgdbSim.Benchmarks;

/// <summary>
/// Runs the guests of tests/guests on QEMU and on us, alternating, and prints processor time between the guest's "B" and
/// "E" lines, the ratio of speeds as the median over the rounds, and whether the checksums agree.
/// </summary>
internal static class GuestBenchmark
{
    private static readonly string[] Speed = ["sieve", "crc32", "sha256", "matmul", "fib", "dhry", "strops"];

    private static readonly string[] Others = ["memrep", "smc", "syscall", "int3", "tfstep", "dr7watch", "smplock", "xmc"];

    /// <summary>Multi-threaded QEMU 7.2 never ends this one; its checksum is the number of patches, 200 times the scale.</summary>
    private const string HangsQemu = "xmc";

    public static int Run(string[] args)
    {
        int rounds = 3;
        int scale = 100;
        List<string> names = [];
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "-n":
                    rounds = int.Parse(args[++i]);
                    break;
                case "--scale":
                    scale = int.Parse(args[++i]);
                    break;
                default:
                    names.Add(args[i]);
                    break;
            }
        }

        if (names.Count == 0)
        {
            names = [.. Speed, .. Others];
        }

        bool same = true;
        List<double> ratios = [];
        Console.WriteLine($"scale {scale}, median of {rounds} alternating rounds, seconds of processor time between B and E");
        Console.WriteLine($"{"guest",-10}{"QEMU TCG",12}{"KgdbSim",12}{"speed ratio",14}  checksum");
        foreach (string name in names)
        {
            (double ratio, bool agrees) = Compare(name, scale, rounds);
            same &= agrees;
            if (Speed.Contains(name) && !double.IsNaN(ratio))
            {
                ratios.Add(ratio);
            }
        }

        if (ratios.Count > 0)
        {
            double mean = Math.Exp(ratios.Average(Math.Log));
            Console.WriteLine($"geometric mean of the speed ratios over {ratios.Count} guests: {mean:f3}");
        }

        return same ? 0 : 1;
    }

    private static (double Ratio, bool Agrees) Compare(string name, int scale, int rounds)
    {
        string elf = Path.Combine(Peer.GuestFolder(scale), name + ".elf");
        int cpus = name is "smplock" or "xmc" ? 4 : 1;
        List<double> theirs = [];
        List<double> ours = [];
        List<double> ratios = [];
        string expected = name == HangsQemu ? $"{200 * scale:x16}" : "";
        string got = "";
        bool agrees = true;
        for (int round = 0; round < rounds; round++)
        {
            if (name != HangsQemu)
            {
                (double seconds, expected) = Once(Peer.Qemu, elf, cpus);
                theirs.Add(seconds);
            }

            (double own, got) = Once(Peer.Ours, elf, cpus);
            ours.Add(own);
            agrees &= got == expected;
            if (name != HangsQemu)
            {
                ratios.Add(theirs[^1] / own);
            }
        }

        double ratio = Peer.Median(ratios);
        Console.WriteLine(
            $"{name,-10}{Peer.Median(theirs),12:f3}{Peer.Median(ours),12:f3}{ratio,14:f3}  {(agrees ? got : $"{got} expected {expected}")}");
        return (ratio, agrees);
    }

    private static (double Seconds, string Checksum) Once(Peer peer, string elf, int cpus)
    {
        double before = Peer.EndedChildrenCpuSeconds();
        using Process process = peer.Start(elf, cpus, 0);
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        double begin = 0;
        (double Seconds, string Checksum) result = (double.NaN, "no end");
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.Trim() == "B")
            {
                begin = Peer.CpuSeconds(process);
            }
            else if (line.StartsWith("E ", StringComparison.Ordinal))
            {
                result = (Peer.CpuSeconds(process) - begin, line[2..].Trim());
                break;
            }
        }

        process.WaitForExit();
        if (result.Seconds <= 0)
        {
            // It had ended before its clock was read: all it used, less what it had used at "B".
            result.Seconds = Peer.EndedChildrenCpuSeconds() - before - begin;
        }

        return result;
    }
}
