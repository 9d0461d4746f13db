using System.Diagnostics;
using System.Text;

namespace KgdbSim.Testing;

/// <summary>What a gdb that ran to its end left.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it printed, both streams in order of arrival.</param>
/// <param name="CommandLine">How to do it again by hand.</param>
public sealed record GdbResult(int ExitCode, string Output, string CommandLine);

/// <summary>
/// Real gdb in batch mode. It gets its own environment: no init files, no downloads of debug information, no paging.
/// </summary>
public static class GdbProcess
{
    /// <summary>Long enough for a loaded machine; whoever waits longer waits for something that does not come.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The program: GDB of the environment, or <c>gdb</c>.</summary>
    public static string Program => Environment.GetEnvironmentVariable("GDB") ?? "gdb";

    /// <summary>Runs a script inside gdb.</summary>
    /// <param name="script">A gdb script, or a Python one by its suffix <c>.py</c>.</param>
    /// <param name="address">Where the stub listens; the script finds it in the variable KGDBSIM.</param>
    /// <param name="environment">More variables.</param>
    /// <exception cref="InvalidOperationException">gdb is not installed.</exception>
    public static GdbResult Run(string script, string address, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new(Program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        string[] arguments =
        [
            "-nx", "-batch", "-iex", "set debuginfod enabled off", "-iex", "set confirm off",
            "-iex", "set pagination off", "-iex", "set width 0", "-x", script,
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        start.Environment["KGDBSIM"] = address;
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        string variables = string.Concat(environment.Select(variable => $"{variable.Name}={variable.Value} "));
        string commandLine = $"KGDBSIM={address} {variables}{Program} -nx -batch -x {script}";
        return Finish(Start(start), commandLine);
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new InvalidOperationException($"{start.FileName} is needed (Debian: apt-get install gdb)", missing);
        }
    }

    private static GdbResult Finish(Process gdb, string commandLine)
    {
        using (gdb)
        {
            StringBuilder output = new();
            gdb.OutputDataReceived += (_, line) => Append(output, line.Data);
            gdb.ErrorDataReceived += (_, line) => Append(output, line.Data);
            gdb.BeginOutputReadLine();
            gdb.BeginErrorReadLine();
            gdb.StandardInput.Close();
            if (!gdb.WaitForExit(Patience))
            {
                gdb.Kill(entireProcessTree: true);
                Append(output, $"(ended after {Patience})");
            }

            gdb.WaitForExit();
            lock (output)
            {
                return new GdbResult(gdb.ExitCode, output.ToString(), commandLine);
            }
        }
    }

    private static void Append(StringBuilder output, string? line)
    {
        lock (output)
        {
            if (line is not null)
            {
                output.AppendLine(line);
            }
        }
    }
}
