using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Scheduling;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Cli.Exploring;

/// <summary>The arguments that say what is explored, how, and how far.</summary>
internal sealed class ExploreArguments
{
    private static readonly string[] Strategies = ["optimal", "exhaustive", "random", "pct", "preemption", "delay"];

    private static readonly string[] Memories = ["sc", "tso"];

    private readonly Argument<string> _what = new("SCENARIO|FAMILY|all")
    {
        Description = "What to explore: a scenario such as HB-07, a family such as HB, or all.",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => ScenarioSelection.All,
        CustomParser = ParseName,
    };

    private readonly Option<string> _variant = new("--variant")
    {
        Description = "Which form of the code under test: with the defect, with the cure, both, or one by its name.",
        HelpName = "bad|fixed|both|NAME",
        DefaultValueFactory = _ => "both",
    };

    private readonly Option<string?> _strategy = new("--strategy")
    {
        Description = "How runs are picked. optimal: each behaviour once. exhaustive: every interleaving. random, pct: at random. "
            + "preemption, delay: every interleaving within a bound. Default: the scenario's own, mostly optimal.",
        HelpName = string.Join('|', Strategies),
        CustomParser = OptionParsers.OneOf(Strategies),
    };

    private readonly Option<long?> _bound = new("--bound")
    {
        Description = "How far. In executions for optimal, exhaustive, random and pct; in preemptions per execution for "
            + "preemption; in delays per execution for delay. Default: the scenario's own; 10000 executions for random and pct, "
            + "2 preemptions, 2 delays.",
        HelpName = "N",
        CustomParser = ParseCount,
    };

    private readonly Option<long?> _executions = new("--executions")
    {
        Description = "The most executions of a variant, whatever the strategy.",
        HelpName = "N",
        CustomParser = ParseCount,
    };

    private readonly Option<int?> _steps = new("--steps")
    {
        Description = "The most steps of an execution, after which it is cut off. Default: the scenario's own.",
        HelpName = "N",
        CustomParser = result => OptionParsers.Number(1, int.MaxValue)(result),
    };

    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "What random and pct are a function of.",
        HelpName = "S",
        DefaultValueFactory = _ => 0,
        CustomParser = OptionParsers.Number64,
    };

    private readonly Option<string?> _memory = new("--memory-model")
    {
        Description = "sc: sequential consistency. tso: x86-TSO, with store buffers. Default: what the scenario is about.",
        HelpName = "sc|tso",
        CustomParser = OptionParsers.OneOf(Memories),
    };

    private readonly Option<Shard> _shard = new("--shard")
    {
        Description = "Explore only part K of N; 'kgdbsim merge' puts the parts' --result files together.",
        HelpName = "K/N",
        DefaultValueFactory = _ => Shard.Whole,
        CustomParser = ParseShard,
    };

    private readonly Option<bool> _noShrink = new("--no-shrink")
    {
        Description = "Leave schedules as they were found; else they are made as small as they will go.",
    };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(_what);
        Option[] options = [_variant, _strategy, _bound, _executions, _steps, _seed, _memory, _shard, _noShrink];
        foreach (Option option in options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What is to be explored, and how each of it.</summary>
    /// <exception cref="UsageException">There is no such scenario or variant, or the options contradict each other.</exception>
    public IReadOnlyList<(ScenarioCase Case, ExplorationOptions Options)> Plan(ParseResult parsed, ScenarioSelection selection)
    {
        IReadOnlyList<ScenarioCase> cases = selection.Cases(parsed.GetValue(_what)!, parsed.GetValue(_variant)!);
        return [.. cases.Select(which => (which, OptionsFor(parsed, which.Scenario)))];
    }

    private ExplorationOptions OptionsFor(ParseResult parsed, Scenario scenario)
    {
        ScenarioBounds own = scenario.Bounds;
        Strategy strategy = parsed.GetValue(_strategy) is { } name
            ? StrategyOf(name)
            : own.PreemptionCountMax is null ? Strategy.Optimal : Strategy.PreemptionBounded;
        long? bound = parsed.GetValue(_bound);
        long? executions = parsed.GetValue(_executions);
        bool perExecution = strategy is Strategy.PreemptionBounded or Strategy.DelayBounded;
        if (!perExecution && bound is not null && executions is not null)
        {
            throw new UsageException($"--bound and --executions are the same for this strategy ({strategy}): give one of them");
        }

        if (perExecution && bound > int.MaxValue)
        {
            throw new UsageException($"--bound {bound}: nothing can be preempted or delayed so often");
        }

        return new ExplorationOptions
        {
            Strategy = strategy,
            Memory = parsed.GetValue(_memory) switch
            {
                "tso" => MemoryModel.TotalStoreOrder,
                "sc" => MemoryModel.SequentiallyConsistent,
                _ => scenario.Memory,
            },
            Seed = parsed.GetValue(_seed),
            ExecutionCountMax = executions ?? (perExecution ? null : bound) ?? own.ExecutionCountMax,
            StepCountMax = parsed.GetValue(_steps) ?? own.StepCountMax,
            PreemptionCountMax = (perExecution ? (int?)bound : null) ?? own.PreemptionCountMax ?? new ExplorationOptions().PreemptionCountMax,
            DelayCountMax = (perExecution ? (int?)bound : null) ?? new ExplorationOptions().DelayCountMax,
            Shard = parsed.GetValue(_shard),
            ShrinkRunCountMax = parsed.GetValue(_noShrink) ? 0 : new ExplorationOptions().ShrinkRunCountMax,
        };
    }

    private static Strategy StrategyOf(string name) => name switch
    {
        "exhaustive" => Strategy.Exhaustive,
        "random" => Strategy.Random,
        "pct" => Strategy.Pct,
        "preemption" => Strategy.PreemptionBounded,
        "delay" => Strategy.DelayBounded,
        _ => Strategy.Optimal,
    };

    private static string ParseName(ArgumentResult result)
    {
        string text = OptionParsers.Text(result);
        if (text.StartsWith('-'))
        {
            // What the parser does not know as an option, it takes for the scenario.
            result.AddError($"there is no option {text}");
        }

        return text;
    }

    private static long? ParseCount(ArgumentResult result)
    {
        string text = OptionParsers.Text(result);
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value))
        {
            result.AddError($"{OptionParsers.Name(result)} {text}: it is a whole number");
        }

        return value;
    }

    private static Shard ParseShard(ArgumentResult result)
    {
        string text = OptionParsers.Text(result);
        string[] parts = text.Split('/');
        if (parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int part)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && part >= 1 && part <= count)
        {
            return new Shard(part - 1, count);
        }

        result.AddError($"--shard {text}: it is K/N, such as 2/8 for the second of eight");
        return Shard.Whole;
    }
}
