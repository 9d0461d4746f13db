using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.DieNotifier;

namespace KgdbSim.Target.Kernel.Traps;

/// <summary>One trap: where it came from, who looked at it, who took it. Reused; copy what is to be kept.</summary>
internal sealed class TrapEvent
{
    private Lookers _lookers;
    private Answers _answers;

    /// <summary>From 0, over all CPUs.</summary>
    public long Sequence { get; private set; }

    public TrapKind Kind { get; private set; }

    public int Cpu { get; private set; }

    /// <summary>The instruction pointer that was saved.</summary>
    public ulong Ip { get; private set; }

    /// <summary>For a debug exception, DR6 as the handlers were told it: 1 means it happened.</summary>
    public ulong Dr6 { get; private set; }

    /// <summary>Who took it, or null.</summary>
    public string? Consumer { get; private set; }

    public TrapVerdict Verdict { get; private set; }

    /// <summary>How many looked at it; those past the eighth aren't named.</summary>
    public int LookerCount { get; private set; }

    /// <summary>Who looked at it as the <paramref name="index"/>th, and what it answered.</summary>
    public (string Name, NotifyResult Answer) Looker(int index) => (_lookers[index], _answers[index]);

    public void Begin(long sequence, TrapKind kind, int cpu, ulong ip)
    {
        Sequence = sequence;
        Kind = kind;
        Cpu = cpu;
        Ip = ip;
        Dr6 = 0;
        Consumer = null;
        Verdict = TrapVerdict.Pending;
        LookerCount = 0;
    }

    public void SetDr6(ulong dr6) => Dr6 = dr6;

    /// <summary>Somebody looked at it; an answer with <see cref="NotifyResult.StopMask"/> means it took it.</summary>
    public void Looked(string name, NotifyResult answer)
    {
        if (LookerCount < Lookers.Length)
        {
            _lookers[LookerCount] = name;
            _answers[LookerCount++] = answer;
        }

        if ((answer & NotifyResult.StopMask) != 0)
        {
            Consumer = name;
        }
    }

    public void End(TrapVerdict verdict) => Verdict = verdict;

    [InlineArray(Length)]
    private struct Lookers
    {
        public const int Length = 8;
        private string _first;
    }

    [InlineArray(Lookers.Length)]
    private struct Answers
    {
        private NotifyResult _first;
    }
}
