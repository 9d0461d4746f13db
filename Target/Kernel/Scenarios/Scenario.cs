using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Scenarios;

/// <summary>
/// One race or rule of the kernel systems modelled here, runnable: who takes part, where they start, the code under test with
/// its cure switched off and on, and what must hold.
/// </summary>
public abstract class Scenario
{
    /// <summary>Family and number: "HB-07".</summary>
    public abstract string Id { get; }

    /// <summary>What goes wrong without the cure, in one line.</summary>
    public abstract string Subject { get; }

    /// <summary>What cures it, in one line.</summary>
    public abstract string Cure { get; }

    /// <summary>Who takes part: the CPUs, and the contexts on them ("2 CPUs: task; hardirq").</summary>
    public abstract string Participants { get; }

    /// <summary>The forms of the code under test.</summary>
    public virtual IReadOnlyList<ScenarioVariant> Variants { get; } = [ScenarioVariant.Bad, ScenarioVariant.Fixed];

    /// <summary>Whether its subject needs store buffers.</summary>
    public virtual MemoryModel Memory => MemoryModel.SequentiallyConsistent;

    /// <summary>How far it is explored by default.</summary>
    public virtual ScenarioBounds Bounds => ScenarioBounds.None;

    /// <summary>The thread it is drawn from, by the prefix of <see cref="Id"/>.</summary>
    public ScenarioFamily Family => ScenarioFamily.Of(Id);

    /// <summary>The runnable form of one variant; its name is <c>ID/VARIANT</c>.</summary>
    public IProgram Program(ScenarioVariant variant) => new ScenarioProgram(this, variant);

    /// <summary>Makes the initial state, the participants and the properties. Called once per run.</summary>
    protected internal abstract void SetUp(World world, ScenarioVariant variant);
}
