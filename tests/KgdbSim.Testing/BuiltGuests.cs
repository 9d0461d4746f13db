using System.Diagnostics;

namespace KgdbSim.Testing;

/// <summary>The C guests of tests/guests, built with gcc once per test run.</summary>
public sealed class BuiltGuests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"kgdbsim-guests-{Environment.ProcessId}");

    /// <summary>Builds all guests at scale 1.</summary>
    /// <exception cref="InvalidOperationException">gcc or ld is missing or failed; scripts/test installs them where it may.</exception>
    public BuiltGuests()
    {
        string script = Path.Combine(Repository.Root, "tests", "guests", "build");
        using Process build = Process.Start(new ProcessStartInfo("bash", [script, _folder, "1"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        Task<string> errors = build.StandardError.ReadToEndAsync();
        build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        if (build.ExitCode != 0)
        {
            throw new InvalidOperationException($"bash {script} {_folder} 1 failed (it needs gcc and ld): {errors.Result}");
        }
    }

    /// <summary>Path of a guest's ELF file.</summary>
    public string PathOf(string name) => Path.Combine(_folder, name + ".elf");

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
