using FsCheck;
using FsCheck.Fluent;
using KgdbSim.Differential.Tests.Host;
using KgdbSim.Differential.Tests.Snippets;
using Outcome = KgdbSim.Differential.Tests.Snippets.Outcome;

namespace KgdbSim.Differential.Tests.Runs;

/// <summary>Runs generated snippets on both sides and collects the disagreements, one of each kind made minimal.</summary>
internal sealed class DifferentialRun
{
    private const int Batch = 128;

    private readonly HostCpu _host;
    private readonly Bench _bench;
    private readonly Outcome[] _outcomes = [.. Enumerable.Range(0, Batch).Select(_ => new Outcome())];
    private readonly Dictionary<string, int> _counts = [];
    private readonly SortedDictionary<string, Disagreement> _kinds = new(StringComparer.Ordinal);

    public DifferentialRun(HostCpu host, Bench bench)
    {
        _host = host;
        _bench = bench;
    }

    /// <summary>Snippets compared.</summary>
    public int Compared { get; private set; }

    /// <summary>Snippets that could not be compared, by reason.</summary>
    public SortedDictionary<string, int> Skipped { get; } = new(StringComparer.Ordinal);

    /// <summary>Disagreements, minimal, by what is wrong.</summary>
    public IReadOnlyDictionary<string, Disagreement> Kinds => _kinds;

    /// <summary>How often each came up, minimal or not.</summary>
    public int CountOf(string signature) => _counts.GetValueOrDefault(signature);

    public void Run(Arbitrary<Snippet> arbitrary, ulong seed, int count)
    {
        var snippets = new List<Snippet>(Batch);
        for (ulong round = 0; Compared + Skipped.Values.Sum() < count; round++)
        {
            snippets.Clear();
            foreach (Snippet snippet in Gen.Sample(arbitrary.Generator, Batch, new Rnd(seed, (2 * round) + 1), 0))
            {
                if (_bench.Try(snippet) is { } reason)
                {
                    Skipped[reason] = Skipped.GetValueOrDefault(reason) + 1;
                }
                else
                {
                    snippets.Add(snippet);
                }
            }

            if (snippets.Count != 0)
            {
                RunBatch(arbitrary, snippets);
            }
        }
    }

    private void RunBatch(Arbitrary<Snippet> arbitrary, List<Snippet> snippets)
    {
        _host.Run([.. snippets], _outcomes);
        Disagreement?[] found = [.. snippets.Select((snippet, i) => _bench.Judge(snippet, _outcomes[i]))];
        Compared += found.Length;
        foreach (Disagreement disagreement in found.OfType<Disagreement>())
        {
            Note(arbitrary, disagreement);
        }
    }

    private void Note(Arbitrary<Snippet> arbitrary, Disagreement disagreement)
    {
        // Only what is new in its raw form is made minimal, which takes a while.
        int seen = _counts.GetValueOrDefault(disagreement.Signature);
        _counts[disagreement.Signature] = seen + 1;
        if (seen != 0)
        {
            return;
        }

        Disagreement minimal = Minimizer.Minimize(disagreement, arbitrary, Judge);
        if (_kinds.TryAdd(minimal.Signature, minimal) && minimal.Signature != disagreement.Signature)
        {
            _counts[minimal.Signature] = _counts.GetValueOrDefault(minimal.Signature) + 1;
        }
    }

    private Disagreement? Judge(Snippet snippet)
    {
        if (_bench.Try(snippet) != null)
        {
            return null;
        }

        _host.Run([snippet], _outcomes.AsSpan()[..1]);
        return _bench.Judge(snippet, _outcomes[0]);
    }
}
