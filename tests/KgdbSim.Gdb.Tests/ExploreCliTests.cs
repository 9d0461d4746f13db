using System.Diagnostics;
using System.Text.Json;

namespace KgdbSim.Gdb.Tests;

/// <summary>The commands over the explorer as a user meets them.</summary>
public sealed class ExploreCliTests(ExploredRace race) : IClassFixture<ExploredRace>
{
    [Fact]
    public void A_race_is_found_and_its_cure_holds()
    {
        Assert.Matches(@"(?m)^HB-07/bad +violated ", race.Output);
        Assert.Matches(@"(?m)^HB-07/fixed +exhausted ", race.Output);
        Assert.Contains($"  kgdbsim replay {race.Token}\n", race.Output);
        Assert.Matches(@"(?m)^\| +step \| CPU 0 +\| CPU 1 +\| CPU 2 +\|$", race.Output);
    }

    [Fact]
    public void The_json_has_a_record_for_each_variant()
    {
        using JsonDocument results = JsonDocument.Parse(File.ReadAllText(race.File("explored.json")));
        Assert.Equal(
            [
                "HB-07 bad violated", "HB-07 fixed exhausted", "HB-07 bad-interface violated", "HB-07 fixed-interface exhausted",
                "HB-07 bad-switch violated", "HB-07 fixed-switch exhausted",
            ],
            results.RootElement.EnumerateArray()
                .Select(result => $"{result.GetProperty("id")} {result.GetProperty("variant")} {result.GetProperty("verdict")}"));
    }

    [Fact]
    public void Page_and_trace_are_written()
    {
        Assert.Contains(race.Token, File.ReadAllText(race.File("explored.html")));
        using JsonDocument trace = JsonDocument.Parse(File.ReadAllText(race.File("explored.trace")));
        Assert.NotEmpty(trace.RootElement.GetProperty("traceEvents").EnumerateArray());
    }

    [Theory]
    [InlineData("explore HB-07 --expect", 0)]
    [InlineData("explore HB-07 --variant fixed", 0)]
    [InlineData("explore HB-07 --variant fixed --expect --bound 1", 0)]
    [InlineData("explore HB-07 --variant bad", 1)]
    [InlineData("explore HB-07 --variant bad --expect --strategy preemption --bound 0", 1)]
    [InlineData("explore HB-07 --variant bad --expect --strategy delay --bound 3", 0)]
    [InlineData("explore HB-07 --variant bad --expect --strategy pct --seed 5", 0)]
    [InlineData("explore HB-07 --variant bad --expect --memory-model tso --no-shrink", 0)]
    public void The_exit_code_says_whether_it_was_so(string arguments, int expected)
    {
        CliResult result = CliProcess.Run(arguments.Split(' '));
        Assert.True(result.ExitCode == expected && result.Error.Length == 0, $"kgdbsim {arguments}: {result}");
    }

    [Theory]
    [InlineData("explore HB-70", "there is no scenario HB-70; nearest: HB-")]
    [InlineData("explore HB-07 --variant worse", "--variant worse")]
    [InlineData("explore HB-07 --shard 3/2", "--shard 3/2: it is K/N")]
    [InlineData("explore HB-07 --report /nothing/here.html", "cannot write /nothing/here.html")]
    [InlineData("explore HB-07 --checkpoint /etc/passwd", "/etc/passwd is no checkpoint")]
    [InlineData("scenarios XY", "there is no scenario XY")]
    [InlineData("replay nonsense", "nonsense is neither a token")]
    [InlineData("replay kgs9:HB-07/bad:AAAA:AAAA", "another version than 1")]
    [InlineData("replay kgs1:HB-07/bad:AAAA:AAAA", "the token is damaged")]
    [InlineData("replay /etc/hostname", "there is no token in /etc/hostname")]
    [InlineData("merge /etc/hostname", "/etc/hostname is no result file")]
    [InlineData("merge /nothing/here", "cannot read /nothing/here")]
    public void A_mistake_is_named_in_one_line(string arguments, string expected)
    {
        CliResult result = CliProcess.Run(arguments.Split(' '));
        Assert.True(result.ExitCode == 2 && result.Output.Length == 0, $"kgdbsim {arguments}: {result}");
        Assert.Contains(expected, result.Error);
        Assert.All(result.Error.TrimEnd('\n').Split('\n'), line => Assert.StartsWith("kgdbsim: ", line));
    }

    [Fact]
    public void A_token_of_another_program_is_named()
    {
        string[] parts = race.Token.Split(':');
        parts[1] = "HB-07/worse";
        CliResult result = CliProcess.Run("replay", string.Join(':', parts));
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("kgdbsim: ", result.Error);
    }

    [Fact]
    public void A_token_replays_from_what_explore_wrote()
    {
        CliProcess.Run("explore", ExploredRace.Id, "--variant", "bad", "--json", race.File("one.json"));
        CliResult result = CliProcess.Run("replay", race.File("one.json"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(race.Property, result.Output);
    }

    [Fact]
    public void A_finished_checkpoint_is_not_explored_again()
    {
        CliResult again = CliProcess.Run("explore", "HB-07", "--checkpoint", race.File("explored.checkpoint"), "--expect");
        Assert.Equal(0, again.ExitCode);
        Assert.Equal(Figures(race.Output), Figures(again.Output));
    }

    [Fact]
    public void Shards_make_up_the_whole_and_gaps_and_overlaps_are_named()
    {
        string[] files = [.. Enumerable.Range(1, 3).Select(k => race.File($"shard{k}"))];
        for (int k = 1; k <= 3; k++)
        {
            CliProcess.Run("explore", "HB-07", "--shard", $"{k}/3", "--result", files[k - 1], "--variant", "fixed");
        }

        CliResult merged = CliProcess.Run(["merge", .. files]);
        Assert.Equal(0, merged.ExitCode);
        Assert.Equal(Figures(race.Output)[1], Figures(merged.Output)[0]);
        AssertRefused("Shard 2/3 is missing. (MissingShards)", "merge", files[0], files[2]);
        AssertRefused("Shard 2/3 is there twice. (OverlappingShards)", "merge", files[0], files[1], files[1], files[2]);
        AssertRefused("(DifferentOptions)", "merge", files[0], files[1], files[2], race.File("explored.result"));
    }

    [Fact]
    public void Interrupted_it_leaves_what_it_has_and_a_checkpoint()
    {
        string checkpoint = race.File("interrupted");
        ProcessStartInfo start = new(Paths.Program,
        [
            "explore", "HB-07", "--variant", "fixed", "--strategy", "random", "--bound", "1000000000000", "--checkpoint", checkpoint,
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Assert.StartsWith("HB-07/fixed: ", process.StandardError.ReadLine());
        using Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        Assert.Matches(@"bounded .* \(bound: .*interrupted\)", process.StandardOutput.ReadToEnd());
        Assert.Contains($"the same command goes on from {checkpoint}", process.StandardError.ReadToEnd());
        process.WaitForExit();
        Assert.Equal(130, process.ExitCode);
        Assert.True(new FileInfo(checkpoint).Length > 0);
    }

    [Fact]
    public void A_terminal_gets_a_bar_that_goes_and_a_line_that_stays()
    {
        ProcessStartInfo start = new("script",
            ["-qec", $"{Paths.Program} explore HB-07 --variant fixed --strategy random --bound 300000", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["TERM"] = "xterm-256color";
        using Process process = Process.Start(start)!;
        string shown = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Matches(@"HB-07/fixed: [\d,]+ executions, [\d,]+/s", shown);
        Assert.Matches(@"bounded +300,000 executions", shown);
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public void The_catalogue_lists_what_can_be_explored()
    {
        CliResult table = CliProcess.Run("scenarios", "HB");
        Assert.Contains("HB: hardware breakpoint interface, May 2009", table.Output);
        Assert.Contains("| HB-07 |", table.Output);
        using JsonDocument list = JsonDocument.Parse(CliProcess.Run("scenarios", "--json").Output);
        JsonElement entry = list.RootElement.EnumerateArray().Single(scenario => $"{scenario.GetProperty("id")}" == "HB-07");
        Assert.Equal(
            ["id", "family", "subject", "cure", "participants", "memory", "variants", "bound"],
            entry.EnumerateObject().Select(member => member.Name));
        Assert.Equal(["violated", "exhausted or bounded"],
            entry.GetProperty("variants").EnumerateArray().Take(2).Select(variant => $"{variant.GetProperty("expected")}"));
    }

    /// <summary>Program, verdict and executions of each line of results.</summary>
    private static string[] Figures(string output) =>
    [
        .. output.Split('\n').Where(line => line.Contains(" executions "))
            .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(3))),
    ];

    private static void AssertRefused(string complaint, params string[] arguments)
    {
        CliResult result = CliProcess.Run(arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(complaint, result.Error);
    }
}
