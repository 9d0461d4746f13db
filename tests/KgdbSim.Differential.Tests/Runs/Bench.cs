using Iced.Intel;
using KgdbSim.Differential.Tests.Comparison;
using KgdbSim.Differential.Tests.Generation;
using KgdbSim.Differential.Tests.Simulated;
using KgdbSim.Differential.Tests.Snippets;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Primitives;

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
        try
        {
            _cpu.RunStepped(snippet, _stepped, _tracker);
        }
        catch (SimulatorBug)
        {
            // That is for Judge to tell.
            return null;
        }

        return _tracker.Result.Unusable ?? (_stepped.Ending == Ending.Endless ? "endless" : null);
    }

    /// <summary>Runs the snippet by both engines; null if both come to the expected outcome or it cannot be compared.</summary>
    public Disagreement? Judge(Snippet snippet, Outcome expected)
    {
        try
        {
            return Compare(snippet, expected);
        }
        catch (SimulatorBug e)
        {
            return new Disagreement(
                snippet, Engine.Stepped, SnippetText.Write(snippet, expected), [new("exception", "none", e.Message)], _tracker.Last, false);
        }
    }

    private Disagreement? Compare(Snippet snippet, Outcome expected)
    {
        if (Try(snippet) is not null and not "endless")
        {
            return null;
        }

        Undefined undefined = _tracker.Result;
        bool missing = _stepped.Trap == Vector.InvalidOpcode && !_tracker.Last.IsInvalid && _tracker.Last.Length != 0
            && !_table.Covers(_tracker.Last.Code);
        if (Against(Engine.Stepped, _stepped) is { } stepped)
        {
            return stepped;
        }

        _cpu.RunThreaded(snippet, _threaded);
        return Against(Engine.Threaded, _threaded);

        Disagreement? Against(Engine engine, Outcome got)
        {
            if (OutcomeComparer.Equal(expected, got, undefined))
            {
                return null;
            }

            List<Difference> differences = OutcomeComparer.Differences(expected, got, undefined);
            Instruction last = _tracker.Last;
            ReadOnlySpan<byte> code = last.Length == 0 ? default : CodeFrom(snippet, last);
            return differences.Count == 0 || Allowances.Reason(last, code, expected, got, differences) != null
                ? null
                : new Disagreement(snippet, engine, SnippetText.Write(snippet, expected), differences, _tracker.Last, missing);
        }
    }

    public void Dispose() => _cpu.Dispose();

    /// <summary>The bytes from an instruction on; none if far transfers have led it elsewhere than its RIP tells.</summary>
    private static ReadOnlySpan<byte> CodeFrom(Snippet snippet, in Instruction last)
    {
        ulong at = last.IP - snippet.State.Rip;
        return at < (ulong)snippet.Code.Length ? snippet.Code.AsSpan((int)at) : default;
    }
}
