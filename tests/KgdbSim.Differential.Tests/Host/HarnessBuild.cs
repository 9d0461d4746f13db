using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace KgdbSim.Differential.Tests.Host;

/// <summary>Compiles the harness with gcc, once for each version of its sources, next to the test assembly.</summary>
internal static class HarnessBuild
{
    /// <summary>
    /// No C library (its thread pointer is the snippet's FS), no fixed addresses (random ones must not hit it), and none of
    /// the hardening that presumes a C library.
    /// </summary>
    private const string Options =
        "-std=gnu11 -O2 -Wall -Wextra -Werror -ffreestanding -nostdlib -static-pie -fPIE -fvisibility=hidden "
        + "-fno-stack-protector -fcf-protection=none -mno-red-zone";

    /// <summary>The path of the program, or null and the reason why there is none.</summary>
    public static (string? Path, string Reason) Get()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Host", "Harness");
        string[] sources = [.. Directory.GetFiles(folder, "*.c").Order(StringComparer.Ordinal)];
        string program = Path.Combine(AppContext.BaseDirectory, $"host-harness-{Digest(folder)}");
        if (File.Exists(program))
        {
            return (program, "");
        }

        // Another test process may be building it too: the rename makes whichever is last the one that stays.
        string building = $"{program}.{Environment.ProcessId}";
        var start = new ProcessStartInfo("gcc") { RedirectStandardError = true, UseShellExecute = false };
        foreach (string argument in Options.Split(' ').Concat(["-o", building]).Concat(sources))
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using Process gcc = Process.Start(start)!;
            string errors = gcc.StandardError.ReadToEnd();
            gcc.WaitForExit();
            if (gcc.ExitCode != 0)
            {
                return (null, $"gcc could not build the harness: {errors}");
            }
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (null, $"gcc, which builds the harness, cannot be run: {e.Message}");
        }

        File.Move(building, program, overwrite: true);
        return (program, "");
    }

    private static string Digest(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(Options));
        foreach (string file in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
