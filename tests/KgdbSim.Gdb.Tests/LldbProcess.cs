using System.Diagnostics;

namespace KgdbSim.Gdb.Tests;

/// <summary>What an lldb that ran to its end left.</summary>
/// <param name="Output">What it printed, standard output before standard error.</param>
/// <param name="CommandLine">How to do it again by hand.</param>
internal sealed record LldbResult(string Output, string CommandLine);

/// <summary>Real lldb in batch mode, without init files.</summary>
internal static class LldbProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The program: LLDB of the environment (empty: none), or <c>lldb</c> on the path; null if there is none.</summary>
    public static string? Program { get; } =
        Environment.GetEnvironmentVariable("LLDB") is { } named ? named.Length == 0 ? null : named : Find();

    /// <summary>Executes commands one after the other.</summary>
    public static LldbResult Run(params string[] commands)
    {
        string[] arguments = ["--no-lldbinit", "--batch", "--no-use-colors", .. commands.SelectMany(static command => (string[])["-o", command])];
        ProcessStartInfo start = new(Program!, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string words = string.Join(' ', arguments.Select(static word => word.Contains(' ') ? $"'{word}'" : word));
        using Process lldb = Process.Start(start)!;
        lldb.StandardInput.Close();
        Task<string> output = lldb.StandardOutput.ReadToEndAsync();
        Task<string> error = lldb.StandardError.ReadToEndAsync();
        bool ended = lldb.WaitForExit(Patience);
        if (!ended)
        {
            lldb.Kill(entireProcessTree: true);
        }

        string late = ended ? "" : $"\n(ended after {Patience})";
        return new LldbResult(output.Result + error.Result + late, $"{Program} {words}");
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(static folder => Path.Combine(folder, "lldb")).FirstOrDefault(File.Exists);
}
