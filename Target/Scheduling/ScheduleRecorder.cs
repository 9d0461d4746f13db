using System.Runtime.InteropServices;

namespace KgdbSim.Target.Scheduling;

/// <summary>Collects the choices of the run being made; the lists are reused from run to run.</summary>
internal sealed class ScheduleRecorder
{
    private readonly List<int> _choices = [];
    private readonly List<ulong> _numbers = [];

    public ReadOnlySpan<int> Choices => CollectionsMarshal.AsSpan(_choices);

    public void Clear()
    {
        _choices.Clear();
        _numbers.Clear();
    }

    public void AddChoice(int runnable) => _choices.Add(runnable);

    public void AddNumber(ulong number) => _numbers.Add(number);

    public Schedule ToSchedule() => new(Choices, CollectionsMarshal.AsSpan(_numbers));
}
