using KgdbSim.Target.Kernel.Lockdep;
using KgdbSim.Target.Primitives;

namespace KgdbSim.Kernel.Tests.Lockdep;

/// <summary>Searches against brute force on small random histories.</summary>
public sealed class DependencyGraphTests
{
    private const int ClassCount = 6;

    /// <summary>
    /// Random nestings of two: 2.6.30 must report a circle at the very nesting that closes one in the transitive closure, and never otherwise.
    /// </summary>
    [Fact]
    public void A_circle_is_reported_exactly_when_the_closure_has_one()
    {
        for (ulong seed = 1; seed <= 300; seed++)
        {
            var random = new Prng(seed);
            var rig = new LockdepRig(LockdepFormat.Linux2630);
            var closure = new bool[ClassCount, ClassCount];
            while (true)
            {
                int from = (int)random.NextBelow(ClassCount);
                int to = (from + 1 + (int)random.NextBelow(ClassCount - 1)) % ClassCount;
                rig.Lock(Name(from)).Lock(Name(to));
                if (closure[to, from])
                {
                    Assert.True(rig.State.Report?.Kind == LockdepReportKind.Circular, $"seed {seed}: no report at {Name(from)} > {Name(to)}");
                    break;
                }

                Assert.True(rig.State.IsActive, $"seed {seed}: {rig.State.Report?.Text}");
                rig.Unlock(Name(to)).Unlock(Name(from));
                Connect(closure, from, to);
                AssertCounts(rig, closure, seed);
            }
        }
    }

    /// <summary>
    /// Random uses in interrupts, with interrupts enabled, and nestings with them disabled: the kind of the first report, and when it
    /// comes, must be what the closure says.
    /// </summary>
    [Theory]
    [MemberData(nameof(LockdepRig.Formats), MemberType = typeof(LockdepRig))]
    public void Irq_safety_is_judged_as_the_closure_says(string format)
    {
        var seen = new Dictionary<LockdepReportKind, int>();
        for (ulong seed = 1; seed <= 400; seed++)
        {
            var random = new Prng(seed);
            var rig = LockdepRig.Of(format);
            var model = new Model();
            LockdepReportKind? expected = null;
            while (expected is null)
            {
                expected = Step(ref random, rig, model);
                Assert.True(rig.State.Report?.Kind == expected, $"{format}, seed {seed}: expected {expected}, found {rig.State.Report?.Text}");
            }

            seen[expected.Value] = seen.GetValueOrDefault(expected.Value) + 1;
        }

        LockdepReportKind[] all =
            [LockdepReportKind.InconsistentState, LockdepReportKind.IrqInversion, LockdepReportKind.IrqOrder, LockdepReportKind.Circular];
        Assert.All(all, kind => Assert.True(seen.GetValueOrDefault(kind) > 10, $"{kind} came {seen.GetValueOrDefault(kind)} times"));
    }

    private static LockdepReportKind? Step(ref Prng random, LockdepRig rig, Model model)
    {
        int from = (int)random.NextBelow(ClassCount);
        int to = (from + 1 + (int)random.NextBelow(ClassCount - 1)) % ClassCount;
        switch (random.NextBelow(6))
        {
            case 0:
                rig.Touch(Name(from), LockdepRig.Hardirq);
                return model.Use(from, model.UsedIn, model.Enabled, isForward: true);
            case 1:
                rig.Touch(Name(from), LockdepRig.BhOff);
                return model.Use(from, model.Enabled, model.UsedIn, isForward: false);
            default:
                rig.Nest(LockdepRig.IrqsOff with { SoftirqsEnabled = false }, Name(from), Name(to));
                return model.Nest(from, to);
        }
    }

    [Fact]
    public void The_path_reported_is_a_shortest_one()
    {
        var rig = new LockdepRig(LockdepFormat.Linux61);
        foreach (string pair in new[] { "ab", "bc", "cd", "ae", "ed" })
        {
            rig.Nest(CpuContext.Task, pair[..1], pair[1..]);
        }

        rig.Nest(CpuContext.Task, "d", "a");
        string text = rig.Expect(LockdepReportKind.Circular).Text;
        Assert.Contains("-> #2 (d)", text);
        Assert.Contains("-> #1 (e)", text);
    }

    private static string Name(int index) => ((char)('a' + index)).ToString();

    private static void Connect(bool[,] closure, int from, int to)
    {
        for (int i = 0; i < ClassCount; i++)
        {
            for (int j = 0; j < ClassCount; j++)
            {
                closure[i, j] |= (i == from || closure[i, from]) && (j == to || closure[to, j]);
            }
        }
    }

    private static void AssertCounts(LockdepRig rig, bool[,] closure, ulong seed)
    {
        for (int i = 0; i < ClassCount; i++)
        {
            LockClass root = rig.Class(Name(i));
            int forward = 1 + Enumerable.Range(0, ClassCount).Count(j => closure[i, j]);
            int backward = 1 + Enumerable.Range(0, ClassCount).Count(j => closure[j, i]);
            Assert.True(
                (forward, backward)
                    == (rig.State.Graph.CountReachable(root, isForward: true), rig.State.Graph.CountReachable(root, isForward: false)),
                $"seed {seed}: counts of {Name(i)}");
        }
    }

    /// <summary>What lockdep should know, by brute force.</summary>
    private sealed class Model
    {
        private readonly bool[,] _closure = new bool[ClassCount, ClassCount];

        public bool[] UsedIn { get; } = new bool[ClassCount];

        public bool[] Enabled { get; } = new bool[ClassCount];

        public LockdepReportKind? Use(int index, bool[] usage, bool[] opposite, bool isForward)
        {
            if (usage[index])
            {
                return null;
            }

            usage[index] = true;
            return opposite[index] ? LockdepReportKind.InconsistentState
                : Enumerable.Range(0, ClassCount).Any(i => opposite[i] && (isForward ? _closure[index, i] : _closure[i, index]))
                    ? LockdepReportKind.IrqInversion
                    : null;
        }

        public LockdepReportKind? Nest(int from, int to)
        {
            if (_closure[to, from])
            {
                return LockdepReportKind.Circular;
            }

            bool isSafe = Enumerable.Range(0, ClassCount).Any(i => UsedIn[i] && (i == from || _closure[i, from]));
            bool isUnsafe = Enumerable.Range(0, ClassCount).Any(i => Enabled[i] && (i == to || _closure[to, i]));
            Connect(_closure, from, to);
            return isSafe && isUnsafe ? LockdepReportKind.IrqOrder : null;
        }
    }
}
