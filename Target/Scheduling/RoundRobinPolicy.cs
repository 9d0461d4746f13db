namespace KgdbSim.Target.Scheduling;

/// <summary>Everyone in turn, one choice each; every number drawn is 0. One run.</summary>
public sealed class RoundRobinPolicy : ISchedulePolicy
{
    /// <inheritdoc/>
    public bool BeginRun(long run) => run == 0;

    /// <inheritdoc/>
    public int Choose(in ChoicePoint point) => point.InTurn(point.CurrentIsEnabled ? 1 : 0);

    /// <inheritdoc/>
    public ulong DrawNumber(ulong bound) => 0;
}
