using System.Diagnostics;

namespace KgdbSim.Gdb.Tests;

/// <summary><c>kgdbsim serve</c> or <c>replay --listen</c> as a process of its own on a free port, ended with this.</summary>
internal sealed class ServedGuest : IDisposable
{
    private const string Announcement = "listening on ";

    private readonly Process _process;

    public ServedGuest(string? image, params string[] options) : this(image is null ? ["serve"] : ["serve", image], options)
    {
    }

    private ServedGuest(string[] command, string[] options)
    {
        string[] listen = options.Contains("--listen") ? [] : ["--listen", "127.0.0.1:0"];
        ProcessStartInfo start = new(Paths.Program, [.. command, .. listen, .. options])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => Complaints += line.Data + "\n";
        _process.BeginErrorReadLine();
        string first = FirstLine(command[0] == "replay");
        Assert.True(first.StartsWith(Announcement, StringComparison.Ordinal), $"instead of '{Announcement}': {first}\n{Complaints}");
        Address = first[Announcement.Length..];

        // What the guest prints must not fill the pipe.
        _ = _process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>A replayed run, held at its violation.</summary>
    public static ServedGuest Replay(string token) => new(["replay", token], []);

    public string Address { get; }

    /// <summary>What it wrote to its error stream.</summary>
    public string Complaints { get; private set; } = "";

    public bool HasExited => _process.HasExited;

    /// <summary>Sends it a signal by name and returns its exit code.</summary>
    public int EndBy(string signal)
    {
        using Process kill = Process.Start("kill", ["-" + signal, $"{_process.Id}"]);
        kill.WaitForExit();
        Assert.True(_process.WaitForExit(TimeSpan.FromMinutes(1)), $"SIG{signal} does not end it");
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>The first line, or if there is a report before it, the first that announces.</summary>
    private string FirstLine(bool afterReport)
    {
        string? line;
        do
        {
            line = _process.StandardOutput.ReadLine();
        }
        while (afterReport && line is not null && !line.StartsWith(Announcement, StringComparison.Ordinal));
        return line ?? "";
    }
}
