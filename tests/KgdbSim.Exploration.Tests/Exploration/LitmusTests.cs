using KgdbSim.Exploration.Tests.Programs;
using KgdbSim.Target.Exploration;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Exploration.Tests.Exploration;

/// <summary>
/// The x86-TSO litmus tests with the verdicts as published: Owens, Sarkar, Sewell, "A better x86 memory model: x86-TSO"
/// (TPHOLs 2009); Sewell et al., CACM 53:7 (2010); Intel SDM vol. 3A section 8.2.3 (iwp2.x are the same examples in Intel's
/// white paper of 2007).
/// </summary>
public sealed class LitmusTests
{
    private const bool Allowed = true;
    private const bool Forbidden = false;

    /// <summary>Name, program, the final condition the literature asks about, and its verdict.</summary>
    public static readonly TheoryData<string, string, string, bool> Published = new()
    {
        { "SB", "x=1; r1=y | y=1; r2=x", "r1=0 r2=0", Allowed },
        { "SB+mfences", "x=1; mfence; r1=y | y=1; mfence; r2=x", "r1=0 r2=0", Forbidden },
        { "SB+mfence+po", "x=1; mfence; r1=y | y=1; r2=x", "r1=0 r2=0", Allowed },
        { "SB+xchgs", "r3=xchg(x,1); r1=y | r4=xchg(y,1); r2=x", "r1=0 r2=0", Forbidden },
        { "MP", "x=1; y=1 | r1=y; r2=x", "r1=1 r2=0", Forbidden },
        { "LB", "r1=x; y=1 | r2=y; x=1", "r1=1 r2=1", Forbidden },
        { "IRIW", "x=1 | y=1 | r1=x; r2=y | r3=y; r4=x", "r1=1 r2=0 r3=1 r4=0", Forbidden },
        { "WRC", "x=1 | r1=x; y=1 | r2=y; r3=x", "r1=1 r2=1 r3=0", Forbidden },
        { "S", "x=2; y=1 | r1=y; x=1", "r1=1 x=2", Forbidden },
        { "2+2W", "x=1; y=2 | y=1; x=2", "x=1 y=1", Forbidden },
        { "R", "x=1; y=1 | y=2; r1=x", "r1=0 y=2", Allowed },
        { "R+mfences", "x=1; mfence; y=1 | y=2; mfence; r1=x", "r1=0 y=2", Forbidden },
        { "n6", "x=1; r1=x; r2=y | y=2; x=2", "r1=1 r2=0 x=1", Allowed },
        { "n5", "x=1; r1=x | x=2; r2=x", "r1=2 r2=1", Forbidden },
        { "n4b", "r1=x; x=1 | r2=x; x=2", "r1=2 r2=1", Forbidden },
        { "n7", "x=1; r1=x; r2=y | y=1 | r3=y; r4=x", "r1=1 r2=0 r3=1 r4=0", Allowed },
        { "iwp2.3.b", "x=1; r1=x | y=1; r2=y", "r1=0", Forbidden },
        { "iwp2.4", "x=1; r1=x; r2=y | y=1; r3=y; r4=x", "r1=1 r2=0 r3=1 r4=0", Allowed },
        { "iwp2.6", "x=1 | x=2 | r1=x; r2=x | r3=x; r4=x", "r1=1 r2=2 r3=2 r4=1", Forbidden },
        { "iwp2.7", "r1=xchg(x,1) | r2=xchg(y,1) | r3=x; r4=y | r5=y; r6=x", "r3=1 r4=0 r5=1 r6=0", Forbidden },
        { "iwp2.8.b", "r1=xchg(x,1); y=1 | r2=y; r3=x", "r2=1 r3=0", Forbidden },
        { "CoWW", "x=1; x=2", "x=1", Forbidden },
        { "XCHG2", "r1=xchg(x,1) | r2=xchg(x,2)", "r1=0 r2=0", Forbidden },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void Final_condition_has_the_published_verdict(string name, string text, string condition, bool allowed)
    {
        ExplorationReport report = Explore(new LitmusProgram(name, text), MemoryModel.TotalStoreOrder);
        Assert.True(allowed == report.OutcomeSet.Any(outcome => Satisfies(outcome, condition)),
            $"{name}: '{condition}' should be {(allowed ? "allowed" : "forbidden")}; outcomes:\n"
            + string.Join('\n', report.OutcomeSet));
    }

    [Theory]
    [MemberData(nameof(Published))]
    public void Outcomes_are_exactly_those_of_the_axiomatic_model(string name, string text, string condition, bool allowed)
    {
        LitmusProgram program = new(name, text);
        ExplorationReport report = Explore(program, MemoryModel.TotalStoreOrder);
        SortedSet<string> axiomatic = AxiomaticTso.OutcomesOf(program);
        Assert.Equal(axiomatic, report.OutcomeSet);
        Assert.Equal(allowed, axiomatic.Any(outcome => Satisfies(outcome, condition)));
    }

    [Theory]
    [MemberData(nameof(Published))]
    public void Without_reduction_the_outcomes_are_the_same(string name, string text, string condition, bool allowed)
    {
        LitmusProgram program = new(name, text);
        ExplorationReport reduced = Explore(program, MemoryModel.TotalStoreOrder);
        ExplorationOptions options = new()
        {
            Strategy = Strategy.PreemptionBounded, PreemptionCountMax = 3, Memory = MemoryModel.TotalStoreOrder,
        };
        ExplorationReport bounded = Explorer.Explore(program, options);
        Assert.Subset(reduced.OutcomeSet.ToHashSet(), bounded.OutcomeSet.ToHashSet());
        Assert.Equal(allowed, reduced.OutcomeSet.Any(outcome => Satisfies(outcome, condition)));
    }

    [Fact]
    public void Without_store_buffers_SB_never_reads_zero_twice()
    {
        LitmusProgram program = new("SB", "x=1; r1=y | y=1; r2=x");
        Assert.Equal(["r1=0 r2=1 x=1 y=1", "r1=1 r2=0 x=1 y=1", "r1=1 r2=1 x=1 y=1"],
            Explore(program, MemoryModel.SequentiallyConsistent).OutcomeSet);
        Assert.Equal(["r1=0 r2=0 x=1 y=1", "r1=0 r2=1 x=1 y=1", "r1=1 r2=0 x=1 y=1", "r1=1 r2=1 x=1 y=1"],
            Explore(program, MemoryModel.TotalStoreOrder).OutcomeSet);
    }

    private static ExplorationReport Explore(LitmusProgram program, MemoryModel memory)
    {
        ExplorationReport report = Explorer.CheckOptimal(program, memory);
        Assert.Equal(Verdict.Exhausted, report.Verdict);
        Assert.Equal(0, report.RedundantCount);
        return report;
    }

    private static bool Satisfies(string outcome, string condition) =>
        condition.Split(' ').All(outcome.Split(' ').Contains);
}
