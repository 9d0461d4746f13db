namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// A set of tasks over shared state, to be run again and again. <see cref="SetUp"/> makes everything that the tasks share, so
/// that each run starts afresh; what it keeps in fields across runs must not influence a run.
/// </summary>
public interface IProgram
{
    /// <summary>
    /// Names program and variant ("HB-07/bad"): letters, digits and <c>- _ . / +</c>. Replay tokens carry it.
    /// </summary>
    string Name { get; }

    /// <summary>Makes cells and locks, spawns tasks, states properties. Called once per run, before any step.</summary>
    void SetUp(World world);
}
