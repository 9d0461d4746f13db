namespace KgdbSim.Target.Exploration.Reduction;

/// <summary>
/// Makes sure that for each race of the execution just made, the other order is explored too: unless something asleep or
/// already planned covers it, the reversed sequence is added to the wakeup tree at the level of the race's first step.
/// </summary>
internal sealed class RaceReversal(ExecutionLog log, WakeupTree tree, SleepSets sleep, Levels levels)
{
    private readonly ReversedSequence _sequence = new(log);

    /// <param name="includeKept">Whether to look at races within the prefix again.</param>
    /// <param name="isMaximal">
    /// Whether the execution ran to its end. If it was cut off, the sequence may go on in a way that conflicts with a step that
    /// it commutes with so far, and only a step it contains can cover it.
    /// </param>
    public void ReverseRaces(bool includeKept, bool isMaximal)
    {
        foreach (ref readonly Race race in log.Races[(includeKept ? 0 : log.KeptRaceCount)..])
        {
            if (levels[race.First].IsFull)
            {
                continue;
            }

            _sequence.Set(race);
            if (!IsAsleep(race.First, isMaximal))
            {
                Insert(ref levels[race.First].Pending, isMaximal);
            }
        }
    }

    private bool IsAsleep(int level, bool isMaximal)
    {
        foreach (ref readonly Sleeper sleeper in sleep.At(level))
        {
            if (Covers(_sequence.RelationOf(sleeper.Process, sleeper.Alternative, sleeper.Footprint),
                isMaximal && !sleeper.IsFromFullLevel))
            {
                return true;
            }
        }

        return false;
    }

    private void Insert(ref WakeupTree.NodeList siblings, bool isMaximal)
    {
        int parent = WakeupTree.None;
        int node = siblings.First;
        while (node != WakeupTree.None)
        {
            ref WakeupTree.Node step = ref tree[node];
            ReversedSequence.Relation relation = _sequence.RelationOf(step.Process, step.Alternative, step.Footprint);
            if (!Covers(relation, isMaximal))
            {
                node = step.Next;
                continue;
            }

            if (relation == ReversedSequence.Relation.Initial)
            {
                _sequence.Consume(step.Process);
            }

            if (step.Children.IsEmpty || _sequence.IsEmpty)
            {
                return;
            }

            parent = node;
            node = step.Children.First;
        }

        if (parent == WakeupTree.None)
        {
            _sequence.AppendTo(tree, ref siblings);
        }
        else
        {
            _sequence.AppendBelow(tree, parent);
        }
    }

    private static bool Covers(ReversedSequence.Relation relation, bool isMaximal) =>
        relation == ReversedSequence.Relation.Initial
        || (relation == ReversedSequence.Relation.Independent && isMaximal);
}
