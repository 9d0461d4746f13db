using System.Text.Json;

namespace KgdbSim.Gdb.Tests;

/// <summary>HB-07 explored once by the program: its violation, and all the files it writes.</summary>
public sealed class ExploredRace : IDisposable
{
    /// <summary>The scenario.</summary>
    public const string Id = "HB-07";

    public ExploredRace()
    {
        CliResult explored = CliProcess.Run("explore", Id, "--json", File("explored.json"), "--report", File("explored.html"),
            "--perfetto", File("explored.trace"), "--checkpoint", File("explored.checkpoint"), "--result", File("explored.result"));
        Output = explored.Output;
        ExitCode = explored.ExitCode;
        Assert.True(ExitCode == 1 && explored.Error.Length == 0, $"kgdbsim explore {Id}: {explored}");
        using JsonDocument results = JsonDocument.Parse(System.IO.File.ReadAllText(File("explored.json")));
        JsonElement bad = results.RootElement[0];
        Token = bad.GetProperty("token").GetString()!;
        Property = bad.GetProperty("property").GetString()!;
        CliResult replayed = CliProcess.Run("replay", Token, "--json", ReplayFile);
        Assert.True(replayed.ExitCode == 1, $"kgdbsim replay {Token}: {replayed}");
    }

    /// <summary>Where the files are.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("kgdbsim-explored").FullName;

    /// <summary>What exploring printed.</summary>
    public string Output { get; }

    /// <summary>How exploring ended.</summary>
    public int ExitCode { get; }

    /// <summary>Repeats the violation.</summary>
    public string Token { get; }

    /// <summary>What is violated.</summary>
    public string Property { get; }

    /// <summary>The replayed run as JSON.</summary>
    public string ReplayFile => File("replayed.json");

    /// <summary>A file in the folder.</summary>
    public string File(string name) => Path.Combine(Folder, name);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
