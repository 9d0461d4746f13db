using KgdbSim.Target.Scheduling;

namespace KgdbSim.Target.Exploration;

/// <summary>
/// Follows a schedule as far as the program allows: who cannot go on is passed over, and after the end everyone goes on as
/// long as possible.
/// </summary>
internal sealed class LenientPolicy : ISchedulePolicy
{
    private List<int> _choices = [];
    private List<ulong> _numbers = [];
    private int _choice;
    private int _number;

    /// <summary>What to follow from the next run on.</summary>
    public void Follow(List<int> choices, List<ulong> numbers)
    {
        _choices = choices;
        _numbers = numbers;
    }

    public bool BeginRun(long run)
    {
        _choice = 0;
        _number = 0;
        return true;
    }

    public int Choose(in ChoicePoint point)
    {
        while (_choice < _choices.Count)
        {
            int choice = _choices[_choice++];
            if (point.Enabled.Contains(choice))
            {
                return choice;
            }
        }

        return point.InTurn(0);
    }

    public ulong DrawNumber(ulong bound) => _number < _numbers.Count ? Math.Min(_numbers[_number++], bound - 1) : 0;
}
