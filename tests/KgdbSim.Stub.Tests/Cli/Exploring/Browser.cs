using System.Diagnostics;
using System.Text;

namespace KgdbSim.Stub.Tests.Cli.Exploring;

/// <summary>A headless browser of this host, if there is one.</summary>
internal static class Browser
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>The program: CHROMIUM of the environment (empty: none), or one on the path; null if there is none.</summary>
    public static string? Program { get; } =
        Environment.GetEnvironmentVariable("CHROMIUM") is { } named ? named.Length == 0 ? null : named : Find();

    /// <summary>The page's document after its scripts have run.</summary>
    public static string Dump(string page, string folder)
    {
        string profile = Path.Combine(folder, "profile");
        ProcessStartInfo start = new(Program!,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", $"--user-data-dir={profile}",
            "--window-size=1400,2000", "--dump-dom", new Uri(page).AbsoluteUri,
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{Program} {string.Join(' ', start.ArgumentList)} does not end:\n{error.Result}");
        }

        return output.Result;
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => (string[])[Path.Combine(folder, "chromium"), Path.Combine(folder, "chromium-browser"), Path.Combine(folder, "google-chrome")])
        .FirstOrDefault(File.Exists);
}
