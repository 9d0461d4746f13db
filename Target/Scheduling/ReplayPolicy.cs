namespace KgdbSim.Target.Scheduling;

/// <summary>
/// Repeats a recorded run, choice by choice, and ends it where the record ends. One run; if the program can't follow,
/// <see cref="Divergence"/> says where.
/// </summary>
public sealed class ReplayPolicy(Schedule schedule) : ISchedulePolicy
{
    private int _choice;
    private int _number;

    /// <summary>In what way the program differs from the one recorded, or null.</summary>
    public string? Divergence { get; private set; }

    /// <summary>Whether all of the record has been used.</summary>
    public bool IsAtEnd => _choice == schedule.Choices.Length;

    /// <inheritdoc/>
    public bool BeginRun(long run)
    {
        _choice = 0;
        _number = 0;
        Divergence = null;
        return run == 0;
    }

    /// <inheritdoc/>
    public int Choose(in ChoicePoint point)
    {
        if (IsAtEnd || Divergence is not null)
        {
            return ISchedulePolicy.EndRun;
        }

        int choice = schedule.Choices[_choice];
        if (!point.Enabled.Contains(choice))
        {
            string who = choice < point.Runnables.Count ? point.Runnables[choice].Name : $"runnable {choice}";
            Divergence = $"at step {_choice} the record has {who} go on, who cannot";
            return ISchedulePolicy.EndRun;
        }

        _choice++;
        return choice;
    }

    /// <inheritdoc/>
    public ulong DrawNumber(ulong bound)
    {
        if (_number < schedule.Numbers.Length && schedule.Numbers[_number] < bound)
        {
            return schedule.Numbers[_number++];
        }

        Divergence ??= $"after step {_choice} the program draws a number below {bound} that the record doesn't have";
        return 0;
    }
}
