using System.CommandLine;
using System.Text.Json;
using KgdbSim.Target.Embedding;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Kernel.Scenarios;
using Spectre.Console;

namespace KgdbSim.Cli.Exploring;

/// <summary><c>kgdbsim scenarios</c>: the catalogue.</summary>
internal sealed class ScenariosCommand : ICliCommand
{
    private const int WidthOfPipes = 160;

    private static readonly JsonSerializerOptions JsonOptions = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Argument<string> _what = new("FAMILY")
    {
        Description = "Only this family (or scenario).",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => ScenarioSelection.All,
    };

    private readonly Option<bool> _json = new("--json") { Description = "As a JSON array." };

    /// <inheritdoc/>
    public Command Build()
    {
        Command command = new("scenarios", "List what 'explore' can explore: what goes wrong, and what cures it.");
        command.Arguments.Add(_what);
        command.Options.Add(_json);
        command.SetAction(List);
        return command;
    }

    private int List(ParseResult parsed)
    {
        IReadOnlyList<Scenario> scenarios =
            new ScenarioSelection(new ScenarioCatalogue().All).Scenarios(parsed.GetValue(_what)!);
        TextWriter output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(_json))
        {
            WriteJson(scenarios, output);
        }
        else
        {
            int width = Console.IsOutputRedirected ? WidthOfPipes : Console.WindowWidth;
            WriteTables(scenarios, output, width);
            if (parsed.GetValue(_what) == ScenarioSelection.All)
            {
                WriteDifferences(output, width);
                WriteSwitches(output, width);
            }
        }

        return ExitCode.Fine;
    }

    private static void WriteTables(IReadOnlyList<Scenario> scenarios, TextWriter output, int width)
    {
        IAnsiConsole console = ConsoleOver(output, width);
        foreach (IGrouping<ScenarioFamily, Scenario> family in scenarios.GroupBy(scenario => scenario.Family))
        {
            output.WriteLine($"{family.Key.Prefix}: {family.Key.Title}");
            Table table = new() { Border = TableBorder.Ascii2, ShowRowSeparators = true };
            table.AddColumn(new TableColumn("id").NoWrap());
            foreach (string column in (string[])["what goes wrong", "what cures it", "participants", "variants", "default bound"])
            {
                table.AddColumn(new TableColumn(column));
            }

            foreach (Scenario scenario in family)
            {
                string[] cells =
                [
                    scenario.Id, scenario.Subject, scenario.Cure, scenario.Participants,
                    string.Join('\n', scenario.Variants.Select(Words)), Words(scenario.Bounds),
                ];
                table.AddRow([.. cells.Select(Markup.Escape)]);
            }

            console.Write(table);
        }
    }

    /// <summary>The two faces of kgdb: what the recorded one does, what the default one does instead, and why.</summary>
    private static void WriteDifferences(TextWriter output, int width)
    {
        output.WriteLine("KD: where Linux 6.1's kgdb (--faithful) and the default face of --kernel differ");
        Table table = new() { Border = TableBorder.Ascii2, ShowRowSeparators = true };
        table.AddColumn(new TableColumn("id").NoWrap());
        foreach (string column in (string[])["Linux 6.1", "the default face", "what the former leads to"])
        {
            table.AddColumn(new TableColumn(column));
        }

        foreach (KgdbDifference row in KgdbDefectTable.All)
        {
            table.AddRow([.. ((string[])[row.Id, row.Faithful, row.Modern, row.Reason]).Select(Markup.Escape)]);
        }

        ConsoleOver(output, width).Write(table);
    }

    /// <summary>What 'serve --as-posted' takes, kernel by kernel.</summary>
    private static void WriteSwitches(TextWriter output, int width)
    {
        output.WriteLine("what 'kgdbsim serve --as-posted ID,...' can switch on");
        Table table = new() { Border = TableBorder.Ascii2, ShowRowSeparators = true };
        table.AddColumn(new TableColumn("--kernel").NoWrap());
        table.AddColumn(new TableColumn("ids"));
        foreach (string kernel in SimulationOptions.KernelNames.Reverse())
        {
            IReadOnlyList<string> ids = SimulationOptions.DefectNamesOf(kernel);
            table.AddRow(Markup.Escape(kernel), Markup.Escape(ids.Count == 0 ? "none" : string.Join(' ', ids)));
        }

        ConsoleOver(output, width).Write(table);
    }

    private static IAnsiConsole ConsoleOver(TextWriter output, int width)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = width;
        return console;
    }

    private static string Words(ScenarioVariant variant) =>
        variant.Summary.Length == 0 ? variant.Name : $"{variant.Name}: {variant.Summary}";

    private static string Words(ScenarioBounds bounds)
    {
        List<string> parts = [];
        if (bounds.PreemptionCountMax is { } preemptions)
        {
            parts.Add($"{preemptions} preemptions");
        }

        if (bounds.ExecutionCountMax is { } executions)
        {
            parts.Add($"{executions} executions");
        }

        if (bounds.StepCountMax != ScenarioBounds.None.StepCountMax)
        {
            parts.Add($"{bounds.StepCountMax} steps");
        }

        return parts.Count == 0 ? "none" : string.Join(", ", parts);
    }

    private static void WriteJson(IEnumerable<Scenario> scenarios, TextWriter output)
    {
        var list = scenarios.Select(scenario => new
        {
            id = scenario.Id,
            family = scenario.Family.Title,
            subject = scenario.Subject,
            cure = scenario.Cure,
            participants = scenario.Participants,
            memory = scenario.Memory == Target.Scheduling.Steps.MemoryModel.TotalStoreOrder ? "tso" : "sc",
            variants = scenario.Variants.Select(variant => new
            {
                name = variant.Name,
                summary = variant.Summary,
                expected = variant.IsViolated ? "violated" : "exhausted or bounded",
            }),
            bound = Words(scenario.Bounds),
        });
        output.WriteLine(JsonSerializer.Serialize(list, JsonOptions));
    }
}
