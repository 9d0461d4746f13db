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
                Insert(ref levels[race.First].Pending, WakeupTree.None, race.First, isMaximal);
            }
        }
    }

    private bool IsAsleep(int level, bool isMaximal)
    {
        foreach (ref readonly Sleeper sleeper in sleep.At(level))
        {
            // A numbered step that the sequence lacks covers it only together with all its alternatives.
            bool mayCommute = isMaximal && !sleeper.IsFromFullLevel
                && (!sleeper.Step.IsNumbered || sleep.Sleeps(level, sleeper.Step.Process));
            if (Covers(_sequence.RelationOf(sleeper.Step), mayCommute))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Follows what the tree has of the sequence already, and adds the rest.</summary>
    /// <param name="roots">The branches planned from the level.</param>
    /// <param name="parent">Where to begin: below this node, or if None at the roots.</param>
    /// <param name="level">The level.</param>
    /// <param name="isMaximal">See <see cref="ReverseRaces"/>.</param>
    private void Insert(ref WakeupTree.NodeList roots, int parent, int level, bool isMaximal)
    {
        int node = FirstBelow(roots, parent);
        while (node != WakeupTree.None)
        {
            PlannedStep step = tree[node].Step;
            ReversedSequence.Relation relation = _sequence.RelationOf(step);
            if (!Covers(relation, isMaximal))
            {
                node = tree[node].Next;
                continue;
            }

            if (relation == ReversedSequence.Relation.Independent && step.IsNumbered)
            {
                InsertBelowEachNumber(ref roots, parent, step, level, isMaximal);
                return;
            }

            if (relation == ReversedSequence.Relation.Initial)
            {
                _sequence.Consume(step.Process);
            }

            if (tree[node].Children.IsEmpty || _sequence.IsEmpty)
            {
                return;
            }

            parent = node;
            node = tree[node].Children.First;
        }

        if (parent == WakeupTree.None)
        {
            _sequence.AppendTo(tree, ref roots);
        }
        else
        {
            _sequence.AppendBelow(tree, parent);
        }
    }

    /// <summary>
    /// The sequence lacks a step that draws a number, and goes on after it whatever the number is: it stands for as many
    /// sequences as there are numbers.
    /// </summary>
    private void InsertBelowEachNumber(
        ref WakeupTree.NodeList roots, int parent, in PlannedStep step, int level, bool isMaximal)
    {
        (int[] From, bool LastRemains) all = _sequence.Save();
        for (int number = 0; number < step.AlternativeCount; number++)
        {
            int node = FirstBelow(roots, parent);
            while (node != WakeupTree.None
                && (tree[node].Step.Process != step.Process || tree[node].Step.Alternative != number))
            {
                node = tree[node].Next;
            }

            _sequence.Restore(all);
            if (node != WakeupTree.None)
            {
                if (!tree[node].Children.IsEmpty)
                {
                    Insert(ref roots, node, level, isMaximal);
                }
            }
            else if (parent != WakeupTree.None)
            {
                _sequence.AppendBelow(tree, tree.AppendChild(parent, step with { Alternative = number }));
            }
            else if (!sleep.Sleeps(level, step.Process, number))
            {
                _sequence.AppendBelow(tree, tree.Append(ref roots, step with { Alternative = number }));
            }
        }
    }

    private int FirstBelow(in WakeupTree.NodeList roots, int parent) =>
        parent == WakeupTree.None ? roots.First : tree[parent].Children.First;

    private static bool Covers(ReversedSequence.Relation relation, bool mayCommute) =>
        relation == ReversedSequence.Relation.Initial
        || (relation == ReversedSequence.Relation.Independent && mayCommute);
}
