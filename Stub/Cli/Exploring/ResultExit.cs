using System.CommandLine;
using KgdbSim.Target.Exploration;

namespace KgdbSim.Cli.Exploring;

/// <summary>What results mean for the exit code.</summary>
internal sealed class ResultExit
{
    private readonly Option<bool> _expect = new("--expect")
    {
        Description = "Exit with 0 if each variant's verdict is the one it is there to show (bad: violated; fixed: exhausted or "
            + "bounded), else with 1. Without it, any violation exits with 1.",
    };

    /// <summary>Adds the option to a command.</summary>
    public void AddTo(Command command) => command.Options.Add(_expect);

    /// <summary>The exit code.</summary>
    public int Of(ParseResult parsed, IEnumerable<CaseResult> results)
    {
        bool expect = parsed.GetValue(_expect);
        bool fine = results.All(result => expect
            ? result.IsExpected
            : result.Report.Verdict is Verdict.Exhausted or Verdict.Bounded);
        return fine ? ExitCode.Fine : ExitCode.NotSo;
    }
}
