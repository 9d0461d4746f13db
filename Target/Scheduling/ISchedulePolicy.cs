namespace KgdbSim.Target.Scheduling;

/// <summary>
/// The one door through which every nondeterministic choice goes: who takes the next step, how long a quantum is, when an
/// interrupt arrives, what a random number is. A run is therefore a function of its policy's answers, and the list of answers
/// (<see cref="Schedule"/>) is the run.
/// </summary>
public interface ISchedulePolicy
{
    /// <summary>What <see cref="Choose"/> returns to end the run where it is.</summary>
    const int EndRun = -1;

    /// <summary>
    /// Exhaustive strategies try a number drawn from a larger range than this only up to it, and count as cut short.
    /// </summary>
    const int NumberBranchesMax = 1 << 16;

    /// <summary>A new run begins.</summary>
    /// <param name="run">Which one, from 0. Policies that draw make each run a function of their seed and this number.</param>
    /// <returns>False if there is nothing left to run.</returns>
    bool BeginRun(long run);

    /// <summary>Who takes the next step: one of <see cref="ChoicePoint.Enabled"/>, or <see cref="EndRun"/>.</summary>
    int Choose(in ChoicePoint point);

    /// <summary>A number in [0, <paramref name="bound"/>); the bound is at least 1.</summary>
    ulong DrawNumber(ulong bound);
}
