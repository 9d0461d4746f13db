using System.Diagnostics;
using System.Runtime.InteropServices;

namespace KgdbSim.Benchmarks;

/// <summary>A program that runs a guest ELF and prints the guest's console on its standard output.</summary>
/// <param name="Name">Column heading.</param>
/// <param name="Command">Program and arguments; {elf}, {cpus} and {port} are replaced.</param>
internal sealed partial record Peer(string Name, string[] Command)
{
    private static string Root => FindRoot(AppContext.BaseDirectory);

    public static Peer Qemu { get; } = new("QEMU TCG",
    [
        "qemu-system-x86_64", "-machine", "q35", "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
        "-m", "64", "-debugcon", "stdio", "-device", "isa-debug-exit,iobase=0xf4,iosize=4", "-serial", "null",
        "-monitor", "none", "-accel", "tcg,thread=multi", "-smp", "{cpus}", "-kernel", "{elf}",
    ]);

    public static Peer QemuStub { get; } = new("QEMU TCG",
        [.. Qemu.Command[..^4], "-S", "-gdb", "tcp:127.0.0.1:{port}", "-kernel", "{elf}"]);

    public static Peer Ours { get; } = new("KgdbSim",
        ["dotnet", CliPath, "run", "--kernel", "none", "--cpus", "{cpus}", "{elf}"]);

    public static Peer OursStub { get; } = new("KgdbSim",
        ["dotnet", CliPath, "serve", "--kernel", "none", "--cpus", "1", "--listen", "127.0.0.1:{port}", "{elf}"]);

    /// <summary>Where guests are built to, by scale.</summary>
    public static string GuestFolder(int scale)
    {
        string folder = Path.Combine(Root, "artifacts", "guests", scale.ToString());
        if (!File.Exists(Path.Combine(folder, "sieve.elf")))
        {
            using Process build = Process.Start(
                new ProcessStartInfo(Path.Combine(Root, "tests", "guests", "build"), [folder, scale.ToString()])
                {
                    RedirectStandardOutput = true,
                })!;
            build.StandardOutput.ReadToEnd();
            build.WaitForExit();
            if (build.ExitCode != 0)
            {
                throw new InvalidOperationException("building the guests failed; it needs gcc and ld");
            }
        }

        return folder;
    }

    public Process Start(string elf, int cpus, int port)
    {
        string[] command = [.. Command.Select(a => a
            .Replace("{elf}", elf, StringComparison.Ordinal)
            .Replace("{cpus}", cpus.ToString(), StringComparison.Ordinal)
            .Replace("{port}", port.ToString(), StringComparison.Ordinal))];
        return Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        })!;
    }

    /// <summary>
    /// Processor time of a process so far, in seconds, of threads that have ended too (clock_getcpuclockid(3)); 0 if it has
    /// been waited for. Summing /proc/PID/task would lose what QEMU's processor threads used: they end before the process.
    /// </summary>
    public static double CpuSeconds(Process process)
    {
        const int scheduled = 2;
        long[] time = new long[2];
        return GetClockTime((~process.Id << 3) | scheduled, time) == 0 ? time[0] + (time[1] * 1e-9) : 0;
    }

    /// <summary>Processor time of the calling thread, in seconds.</summary>
    public static double ThreadCpuSeconds()
    {
        const int thread = 3;
        long[] time = new long[2];
        _ = GetClockTime(thread, time);
        return time[0] + (time[1] * 1e-9);
    }

    /// <summary>Processor time of all child processes that have ended and been waited for (getrusage(2), RUSAGE_CHILDREN).</summary>
    public static double EndedChildrenCpuSeconds()
    {
        const int children = -1;
        long[] usage = new long[18];
        _ = GetResourceUsage(children, usage);
        return usage[0] + (usage[1] * 1e-6) + usage[2] + (usage[3] * 1e-6);
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetResourceUsage(int who, long[] usage);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetClockTime(int clock, long[] time);

    public static double Median(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[sorted.Length / 2];
    }

    private static string CliPath =>
        Path.Combine(Root, "Stub", "Cli", "bin", "Release", "net10.0", "kgdbsim.dll");

    private static string FindRoot(string folder)
    {
        while (!File.Exists(Path.Combine(folder, "KgdbSim.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("not below KgdbSim.sln");
        }

        return folder;
    }
}
