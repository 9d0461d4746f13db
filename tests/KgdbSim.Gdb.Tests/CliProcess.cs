using System.Diagnostics;

namespace KgdbSim.Gdb.Tests;

/// <summary>What a run of the program left.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Error);

/// <summary>Runs the program to its end.</summary>
internal static class CliProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Runs it with nothing on standard input.</summary>
    public static CliResult Run(params string[] arguments) => RunWithInput("", arguments);

    /// <summary>Runs it with so many bytes, as Latin-1, on standard input.</summary>
    public static CliResult RunWithInput(string input, params string[] arguments)
    {
        ProcessStartInfo start = new(Paths.Program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = System.Text.Encoding.Latin1,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.StandardInput.BaseStream.Write(System.Text.Encoding.Latin1.GetBytes(input));
        process.StandardInput.Close();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"kgdbsim {string.Join(' ', arguments)} does not end:\n{error.Result}");
        }

        return new CliResult(process.ExitCode, output.Result, error.Result);
    }
}
