using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Spectre.Console;

namespace KgdbSim.Cli;

/// <summary>What <c>--help</c> says after the options: examples, where a command has some, and exit codes.</summary>
internal static class HelpText
{
    private static readonly (string Command, string Line, string Meaning)[] Examples =
    [
        ("", "kgdbsim serve", "the built-in guest, for 'target remote :1234'"),
        ("", "kgdbsim run guest.elf --cpus 4", "a guest alone; its exit code is ours"),
        ("serve", "kgdbsim serve guest.elf --listen 127.0.0.1:0", "any free port; the first line names it"),
        ("serve", "kgdbsim serve guest.elf --run --console gdb", "running; gdb shows what it prints"),
        ("serve", "kgdbsim serve guest.elf --threads tasks", "gdb sees the modelled kernel's tasks instead of CPUs"),
        ("serve", "(gdb) target remote | kgdbsim serve --listen stdio", "gdb starts it itself"),
        ("serve", "(gdb) target extended-remote :1234", "and 'run' restarts the guest"),
        ("", "kgdbsim explore HB-07", "a race in every order; prints the schedule that shows it"),
        ("explore", "kgdbsim explore all --expect", "0 if all that is bad is found and all that is fixed is not"),
        ("explore", "kgdbsim explore HB --report hb.html", "a page with a picture of each violation"),
        ("explore", "kgdbsim explore HB-07 --strategy pct --bound 100000", "100000 executions at random, bugs of few switches first"),
        ("explore", "kgdbsim explore HB-07 --shard 2/8 --result 2.res", "one of eight jobs; 'kgdbsim merge *.res' afterwards"),
        ("replay", "kgdbsim replay kgs1:HB-07/bad:...", "the run of a token, step by step"),
        ("replay", "kgdbsim replay TOKEN --listen 127.0.0.1:1234", "held at the violation for 'target remote :1234'; 'monitor schedule'"),
        ("merge", "kgdbsim merge *.res --json all.json", "all shards' results as one"),
        ("scenarios", "kgdbsim scenarios KP", "the kprobes family"),
        ("run", "kgdbsim run guest.elf --seed 7", "another interleaving of the CPUs, every time the same"),
    ];

    private static readonly (int Code, string Meaning)[] Codes =
    [
        (ExitCode.Fine, "fine ('run': the guest's own exit code)"),
        (ExitCode.NotSo, "not so: the guest crashed or can never end, a violation was found, vectors failed"),
        (ExitCode.Usage, "wrong usage, or a file that cannot be used"),
        (ExitCode.Internal, "internal error"),
        (ExitCode.Interrupted, "interrupted by a signal; 'explore --checkpoint' goes on from there"),
    ];

    /// <summary>Adds it to the help of the program and of each command.</summary>
    public static void Install(RootCommand root)
    {
        foreach (Option option in root.Options)
        {
            if (option is HelpOption { Action: HelpAction standard } help)
            {
                help.Action = new HelpWithExamples(standard);
            }
        }
    }

    private sealed class HelpWithExamples(HelpAction standard) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            int result = standard.Invoke(parseResult);
            Command command = parseResult.CommandResult.Command;
            TextWriter output = parseResult.InvocationConfiguration.Output;
            string name = command is RootCommand ? "" : command.Name;
            IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
                Out = new AnsiConsoleOutput(output),
            });
            output.WriteLine("Examples:");
            console.Write(Table(Examples.Where(example => example.Command == name)
                .Select(example => (example.Line, example.Meaning))));
            output.WriteLine();
            output.WriteLine("Exit codes:");
            console.Write(Table(Codes.Select(code => ($"{code.Code}", code.Meaning))));
            return result;
        }

        private static Grid Table(IEnumerable<(string Left, string Right)> rows)
        {
            Grid grid = new();
            grid.AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(2));
            grid.AddColumn(new GridColumn());
            foreach ((string left, string right) in rows)
            {
                grid.AddRow(Markup.Escape(left), Markup.Escape(right));
            }

            return grid;
        }
    }
}
