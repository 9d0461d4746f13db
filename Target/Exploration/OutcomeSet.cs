using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Exploration;

/// <summary>Counts distinct end states; one that was seen before costs no allocation.</summary>
internal sealed class OutcomeSet(int countMax)
{
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly OutcomeWriter _writer = new();

    public bool Overflowed { get; private set; }

    public IReadOnlyList<KeyValuePair<string, long>> Sorted =>
        [.. _counts.OrderBy(outcome => outcome.Key, StringComparer.Ordinal)];

    /// <summary>Counts the end state of the run just finished.</summary>
    public void Add(World world)
    {
        if (world.Properties.Outcome is not { } describe)
        {
            return;
        }

        _writer.Clear();
        describe(_writer);
        Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> lookup =
            _counts.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(_writer.Text, out long count))
        {
            lookup[_writer.Text] = count + 1;
        }
        else if (_counts.Count < countMax)
        {
            lookup[_writer.Text] = 1;
        }
        else
        {
            Overflowed = true;
        }
    }

    public void Restore(IEnumerable<KeyValuePair<string, long>> outcomes, bool overflowed)
    {
        _counts.Clear();
        foreach ((string outcome, long count) in outcomes)
        {
            _counts.Add(outcome, count);
        }

        Overflowed = overflowed;
    }
}
