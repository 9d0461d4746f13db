namespace KgdbSim.Exploration.Tests.Programs;

/// <summary>
/// The outcomes x86-TSO allows, from its axiomatic form (Alglave, Maranget, Tautschnig, TOPLAS 2014, x86tso.cat): enumerates
/// who reads from whom and in what order stores reach each location, and keeps what has no forbidden cycle. No store buffer,
/// no steps, no code in common with the simulator.
/// </summary>
internal sealed class AxiomaticTso
{
    private readonly LitmusProgram _program;
    private readonly List<Access> _accesses = [];
    private readonly HashSet<(int, int)> _fenced = [];
    private readonly SortedSet<string> _outcomes = new(StringComparer.Ordinal);

    private AxiomaticTso(LitmusProgram program) => _program = program;

    public static SortedSet<string> OutcomesOf(LitmusProgram program)
    {
        AxiomaticTso model = new(program);
        model.CollectAccesses();
        model.ChooseSources(0, new int[model._accesses.Count]);
        return model._outcomes;
    }

    private void CollectAccesses()
    {
        foreach (string location in _program.Locations)
        {
            _accesses.Add(new Access(-1, 0, location, true, 0, "", -1));
        }

        for (int thread = 0; thread < _program.Threads.Length; thread++)
        {
            List<int> before = [];
            List<int> beforeFence = [];
            foreach (LitmusInstruction i in _program.Threads[thread])
            {
                if (i.Kind == LitmusKind.Fence)
                {
                    beforeFence = [.. before];
                    continue;
                }

                int first = _accesses.Count;
                if (i.Kind != LitmusKind.Store)
                {
                    int partner = i.Kind == LitmusKind.Exchange ? first + 1 : -1;
                    _accesses.Add(new Access(thread, first, i.Location, false, 0, i.Register, partner));
                }

                if (i.Kind != LitmusKind.Load)
                {
                    int partner = i.Kind == LitmusKind.Exchange ? first : -1;
                    _accesses.Add(new Access(thread, _accesses.Count, i.Location, true, i.Value, "", partner));
                }

                for (int k = first; k < _accesses.Count; k++)
                {
                    _fenced.UnionWith(beforeFence.Select(b => (b, k)));
                    before.Add(k);
                }
            }
        }
    }

    /// <summary>Reads-from: every read takes its value from some store to the location.</summary>
    private void ChooseSources(int access, int[] sources)
    {
        if (access == _accesses.Count)
        {
            ChooseOrders(0, sources, []);
            return;
        }

        if (_accesses[access].IsWrite)
        {
            ChooseSources(access + 1, sources);
            return;
        }

        for (int w = 0; w < _accesses.Count; w++)
        {
            if (_accesses[w].IsWrite && _accesses[w].Location == _accesses[access].Location)
            {
                sources[access] = w;
                ChooseSources(access + 1, sources);
            }
        }
    }

    /// <summary>Coherence: the stores to each location have a total order, the initial one first.</summary>
    private void ChooseOrders(int location, int[] sources, HashSet<(int, int)> coherence)
    {
        if (location == _program.Locations.Length)
        {
            Judge(sources, coherence);
            return;
        }

        int[] writes = [.. Enumerable.Range(_program.Locations.Length, _accesses.Count - _program.Locations.Length)
            .Where(w => _accesses[w].IsWrite && _accesses[w].Location == _program.Locations[location])];
        foreach (int[] order in Permutations(writes))
        {
            int[] all = [location, .. order];
            HashSet<(int, int)> extended = [.. coherence];
            for (int i = 0; i < all.Length; i++)
            {
                for (int k = i + 1; k < all.Length; k++)
                {
                    extended.Add((all[i], all[k]));
                }
            }

            ChooseOrders(location + 1, sources, extended);
        }
    }

    private void Judge(int[] sources, HashSet<(int, int)> co)
    {
        int[] reads = [.. Enumerable.Range(0, _accesses.Count).Where(i => !_accesses[i].IsWrite)];
        HashSet<(int, int)> rf = [.. reads.Select(r => (sources[r], r))];
        HashSet<(int, int)> fr = [.. reads.SelectMany(r => co.Where(c => c.Item1 == sources[r]).Select(c => (r, c.Item2)))];
        fr.RemoveWhere(f => f.Item1 == f.Item2);
        HashSet<(int, int)> po = [.. Pairs().Where(p => _accesses[p.Item1].Thread == _accesses[p.Item2].Thread
            && _accesses[p.Item1].Thread >= 0 && _accesses[p.Item1].Order < _accesses[p.Item2].Order)];

        IEnumerable<(int, int)> samePlace = po.Where(p => _accesses[p.Item1].Location == _accesses[p.Item2].Location);
        bool coherent = IsAcyclic([.. samePlace, .. rf, .. fr, .. co]);
        bool atomic = !reads.Any(r => _accesses[r].Partner >= 0 && co.Any(c => c.Item1 == sources[r]
            && co.Contains((c.Item2, _accesses[r].Partner))));

        // A load may overtake an earlier store; nothing else may, and neither past a fence nor past a LOCKed access.
        IEnumerable<(int, int)> kept = po.Where(p => !(_accesses[p.Item1].IsWrite && !_accesses[p.Item2].IsWrite)
            || _fenced.Contains(p) || _accesses[p.Item1].Partner >= 0 || _accesses[p.Item2].Partner >= 0);
        IEnumerable<(int, int)> external = rf.Where(p => _accesses[p.Item1].Thread != _accesses[p.Item2].Thread);
        if (coherent && atomic && IsAcyclic([.. kept, .. external, .. fr, .. co]))
        {
            _outcomes.Add(_program.Spell(
                register => _accesses[sources[reads.Last(r => _accesses[r].Register == register)]].Value,
                location => _accesses[LastOf(location, co)].Value));
        }
    }

    private int LastOf(string location, HashSet<(int, int)> co) => Enumerable.Range(0, _accesses.Count)
        .Single(w => _accesses[w].IsWrite && _accesses[w].Location == location && !co.Any(c => c.Item1 == w));

    private IEnumerable<(int, int)> Pairs() =>
        from a in Enumerable.Range(0, _accesses.Count) from b in Enumerable.Range(0, _accesses.Count) select (a, b);

    private bool IsAcyclic(HashSet<(int From, int To)> edges)
    {
        HashSet<int> rest = [.. Enumerable.Range(0, _accesses.Count)];
        while (rest.Count > 0)
        {
            int free = rest.FirstOrDefault(n => !edges.Any(e => e.To == n && rest.Contains(e.From)), -1);
            if (free < 0)
            {
                return false;
            }

            rest.Remove(free);
        }

        return true;
    }

    private static IEnumerable<int[]> Permutations(int[] items)
    {
        if (items.Length == 0)
        {
            return [[]];
        }

        return items.SelectMany(first => Permutations([.. items.Where(i => i != first)])
            .Select(rest => (int[])[first, .. rest]));
    }

    private sealed record Access(int Thread, int Order, string Location, bool IsWrite, int Value, string Register, int Partner);
}
