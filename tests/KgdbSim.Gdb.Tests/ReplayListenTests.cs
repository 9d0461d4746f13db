using System.Text.Json;
using KgdbSim.Testing;

namespace KgdbSim.Gdb.Tests;

/// <summary>Real gdb on a replayed run.</summary>
public sealed class ReplayListenTests(ExploredRace race) : IClassFixture<ExploredRace>
{
    [Fact]
    public void Gdb_finds_the_machine_at_the_violation()
    {
        string script = Path.Combine(Paths.Root, "tests", "KgdbSim.Gdb.Tests", "ReplayScripts", "held.py");
        using JsonDocument replay = JsonDocument.Parse(File.ReadAllText(race.ReplayFile));
        int fatal = replay.RootElement.GetProperty("fatalStep").GetInt32();
        using ServedGuest served = ServedGuest.Replay(race.Token);
        GdbResult result = GdbProcess.Run(
            script,
            served.Address,
            ("PYTHONPATH", Paths.Scripts),
            ("PYTHONDONTWRITEBYTECODE", "1"),
            ("KGDBSIM_TOKEN", race.Token),
            ("KGDBSIM_PROPERTY", race.Property),
            ("KGDBSIM_STEPS", $"{fatal + 1}"));
        bool finished = result.Output.Contains("END ", StringComparison.Ordinal);
        Assert.True(
            finished && result.ExitCode == 0,
            $"to repeat: kgdbsim replay {race.Token} --listen 127.0.0.1:0\n{result.CommandLine}\n{result.Output}\n{served.Complaints}");
        Assert.Equal(1, served.EndBy("INT"));
    }

    [Fact]
    public void An_address_for_everybody_must_be_asked_for()
    {
        CliResult result = CliProcess.Run("replay", race.Token, "--listen", "0.0.0.0:0");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("add --allow-remote", result.Error);
    }
}
