using KgdbSim.Target.Scheduling;

namespace KgdbSim.Target.Exploration.Reduction;

/// <summary>
/// Numbers drawn by steps. A step that may draw several numbers is several steps of which one is taken; the reduction explores
/// each.
/// </summary>
internal sealed class NumberChoice
{
    private readonly ExecutionLog _log;
    private readonly SleepSets _sleep;
    private int _level;
    private int _process;
    private int _planned;
    private bool _kept;
    private bool _drawn;

    public NumberChoice(ExecutionLog log, SleepSets sleep)
    {
        _log = log;
        _sleep = sleep;
        Source = Draw;
    }

    /// <summary>What the world draws from.</summary>
    public Func<ulong, ulong> Source { get; }

    /// <summary>Whether some number was drawn from a range too large to try in full.</summary>
    public bool WasCutShort { get; set; }

    /// <summary>The step about to be taken draws what it drew before.</summary>
    public void PlanKept(int position)
    {
        _kept = true;
        _drawn = false;
        _planned = _log.Events[position].Alternative;
    }

    /// <summary>The step about to be taken draws this number, or if -1 the first that hasn't been explored.</summary>
    public void Plan(int level, int process, int alternative)
    {
        _kept = false;
        _drawn = false;
        _level = level;
        _process = process;
        _planned = alternative;
    }

    private ulong Draw(ulong bound)
    {
        if (_drawn)
        {
            throw new InvalidOperationException("A step drew two numbers; under exploration it may draw one.");
        }

        _drawn = true;
        if (_kept)
        {
            return (ulong)Math.Max(0, _planned);
        }

        WasCutShort |= bound > ISchedulePolicy.NumberBranchesMax;
        int count = (int)Math.Min(bound, ISchedulePolicy.NumberBranchesMax);
        int number = _planned;
        if (number < 0)
        {
            number = 0;
            while (number < count - 1 && _sleep.Sleeps(_level, _process, number))
            {
                number++;
            }
        }

        // A range of one leaves no choice, and its step is like any other.
        _log.NoteDraw(count == 1 ? -1 : number, count);
        return (ulong)number;
    }
}
