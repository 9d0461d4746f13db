namespace KgdbSim.Target.Scheduling;

/// <summary>
/// One run written down by hand: a name per step, <c>C1x3</c> for three in a row. After the script everyone who can goes on
/// in turn, each as long as possible.
/// </summary>
public sealed class ScriptedPolicy : ISchedulePolicy
{
    private readonly List<string> _names = [];
    private int _position;

    /// <summary>The run of <paramref name="script"/>: words separated by blanks.</summary>
    public ScriptedPolicy(string script)
    {
        ArgumentNullException.ThrowIfNull(script);
        foreach (string word in script.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            int times = word.LastIndexOf('x');
            bool repeated = times > 0 && int.TryParse(word.AsSpan(times + 1), out int count) && count > 0;
            string name = repeated ? word[..times] : word;
            int repeat = repeated ? int.Parse(word.AsSpan(times + 1)) : 1;
            _names.AddRange(Enumerable.Repeat(name, repeat));
        }
    }

    /// <summary>In what way the script could not be followed, or null.</summary>
    public string? Divergence { get; private set; }

    /// <inheritdoc/>
    public bool BeginRun(long run)
    {
        _position = 0;
        Divergence = null;
        return run == 0;
    }

    /// <inheritdoc/>
    public int Choose(in ChoicePoint point)
    {
        if (_position == _names.Count)
        {
            return point.InTurn(0);
        }

        string name = _names[_position++];
        foreach (int candidate in point.Enabled)
        {
            if (point.Runnables[candidate].Name == name)
            {
                return candidate;
            }
        }

        Divergence = $"word {_position} of the script is {name}, who cannot go on";
        return ISchedulePolicy.EndRun;
    }

    /// <inheritdoc/>
    public ulong DrawNumber(ulong bound) => 0;
}
