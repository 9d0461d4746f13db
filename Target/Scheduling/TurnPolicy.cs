using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Scheduling;

/// <summary>How an ordinary run goes: everyone in turn, the lengths of turns drawn from the seed. One run.</summary>
internal sealed class TurnPolicy(ulong seed) : ISchedulePolicy
{
    private Prng _prng = new(seed);

    public bool BeginRun(long run)
    {
        _prng = new Prng(seed);
        return run == 0;
    }

    public int Choose(in ChoicePoint point) => point.InTurn(point.CurrentIsEnabled ? 1 : 0);

    public ulong DrawNumber(ulong bound) => _prng.NextBelow(bound);
}
