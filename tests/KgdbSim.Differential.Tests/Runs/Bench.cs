using KgdbSim.Differential.Tests.Comparison;
using KgdbSim.Differential.Tests.Generation;
using KgdbSim.Differential.Tests.Simulated;
using KgdbSim.Differential.Tests.Snippets;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Differential.Tests.Runs;

/// <summary>The simulated processor with both of its engines, judged against a given outcome.</summary>
internal sealed class Bench : IDisposable
{
    private readonly InstructionTable _table = new();
    private readonly SimulatedCpu _cpu;
    private readonly UndefinedTracker _tracker;
    private readonly Outcome _stepped = new();
    private readonly Outcome _threaded = new();

    public Bench()
    {
        _cpu = new SimulatedCpu(_table);
        Amd = _cpu.Model.Vendor == CpuVendor.Amd;
        _tracker = new UndefinedTracker(Amd);
    }

    public bool Amd { get; }

    public CpuModel Model => _cpu.Model;

    /// <summary>Which instructions the two sides can be compared in; null: all.</summary>
    public CodeCatalog? Catalog
    {
        set => _tracker.Catalog = value;
    }

    /// <summary>Runs the snippet stepped; why its outcome cannot be compared, or null.</summary>
    public string? Try(Snippet snippet)
    {
        _cpu.RunStepped(snippet, _stepped, _tracker);
        return _tracker.Result.Unusable ?? (_stepped.Ending == Ending.Endless ? "endless" : null);
    }

    /// <summary>Runs the snippet by both engines; null if both come to the expected outcome or it cannot be compared.</summary>
    public Disagreement? Judge(Snippet snippet, Outcome expected)
    {
        if (Try(snippet) is not null and not "endless")
        {
            return null;
        }

        Undefined undefined = _tracker.Result;
        bool missing = _stepped.Trap == Vector.InvalidOpcode && !_tracker.Last.IsInvalid && _tracker.Last.Length != 0
            && !_table.Covers(_tracker.Last.Code);
        if (Compare(Engine.Stepped, _stepped) is { } stepped)
        {
            return stepped;
        }

        _cpu.RunThreaded(snippet, _threaded);
        return Compare(Engine.Threaded, _threaded);

        Disagreement? Compare(Engine engine, Outcome got)
        {
            if (OutcomeComparer.Equal(expected, got, undefined))
            {
                return null;
            }

            List<Difference> differences = OutcomeComparer.Differences(expected, got, undefined);
            return differences.Count == 0
                ? null
                : new Disagreement(snippet, engine, SnippetText.Write(snippet, expected), differences, _tracker.Last, missing);
        }
    }

    public void Dispose() => _cpu.Dispose();
}
