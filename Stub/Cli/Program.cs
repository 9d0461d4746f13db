using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using KgdbSim.Cli;
using KgdbSim.Cli.Exploring;

RootCommand root = new("A gdb remote stub in front of a simulated multicore x86-64 machine.");
ICliCommand[] commands =
[
    new ServeCommand(), new RunCommand(), new ExploreCommand(), new ReplayCommand(), new MergeCommand(),
    new ScenariosCommand(), new VectorsCommand(), new OracleCommand(),
];
foreach (ICliCommand command in commands)
{
    root.Subcommands.Add(command.Build());
}

HelpText.Install(root);
try
{
    ParseResult parsed = root.Parse(args);
    return parsed.Errors.Count > 0 && parsed.Action is null or ParseErrorAction
        ? Complain(parsed)
        : parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (UsageException mistake)
{
    Console.Error.WriteLine($"kgdbsim: {mistake.Message}");
    return ExitCode.Usage;
}
catch (Exception bug)
{
    // Whatever else escapes is ours to mend: the trace belongs into the report.
    Console.Error.WriteLine($"kgdbsim: internal error, please report it: {bug}");
    return ExitCode.Internal;
}

static int Complain(ParseResult parsed)
{
    // Of "no command given" and "unknown command", the latter says more.
    foreach (ParseError error in parsed.Errors.Skip(parsed.Errors.Count > 1 ? 1 : 0))
    {
        Console.Error.WriteLine($"kgdbsim: {error.Message}");
    }

    string command = parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ";
    Console.Error.WriteLine($"kgdbsim: see 'kgdbsim {command}--help'");
    return ExitCode.Usage;
}
