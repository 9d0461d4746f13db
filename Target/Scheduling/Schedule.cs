namespace KgdbSim.Target.Scheduling;

/// <summary>
/// A recorded run: who took each step, and every number drawn. Runnables are named by their order of creation in the run,
/// which the schedule itself determines, so it means the same in another process.
/// </summary>
public sealed class Schedule : IEquatable<Schedule>
{
    private readonly int[] _choices;
    private readonly ulong[] _numbers;

    /// <summary>The run with these choices and drawn numbers.</summary>
    public Schedule(ReadOnlySpan<int> choices, ReadOnlySpan<ulong> numbers)
    {
        _choices = choices.ToArray();
        _numbers = numbers.ToArray();
    }

    /// <summary>Who was chosen, choice by choice.</summary>
    public ReadOnlySpan<int> Choices => _choices;

    /// <summary>What was drawn, in order.</summary>
    public ReadOnlySpan<ulong> Numbers => _numbers;

    /// <summary>How often somebody else than before was chosen.</summary>
    public int SwitchCount
    {
        get
        {
            int count = 0;
            for (int i = 1; i < _choices.Length; i++)
            {
                count += _choices[i] == _choices[i - 1] ? 0 : 1;
            }

            return count;
        }
    }

    /// <summary>
    /// The first <paramref name="choiceCount"/> choices. All numbers stay: those drawn later are never asked for.
    /// </summary>
    public Schedule Prefix(int choiceCount) =>
        choiceCount >= _choices.Length ? this : new Schedule(_choices.AsSpan(0, choiceCount), _numbers);

    /// <inheritdoc/>
    public bool Equals(Schedule? other) =>
        other is not null && Choices.SequenceEqual(other.Choices) && Numbers.SequenceEqual(other.Numbers);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Schedule);

    /// <inheritdoc/>
    public override int GetHashCode() => (_choices.Length * 31) + SwitchCount;

    /// <summary>The choices as runs, for people: <c>0x3 1 0x2</c>.</summary>
    public override string ToString()
    {
        System.Text.StringBuilder text = new();
        for (int i = 0; i < _choices.Length;)
        {
            int length = 1;
            while (i + length < _choices.Length && _choices[i + length] == _choices[i])
            {
                length++;
            }

            text.Append(i == 0 ? "" : " ").Append(_choices[i]).Append(length == 1 ? "" : $"x{length}");
            i += length;
        }

        return text.ToString();
    }
}
