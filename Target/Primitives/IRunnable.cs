namespace KgdbSim.Target.Primitives;

/// <summary>
/// Something that can take one step: a vCPU, a modelled kernel task, a pending interrupt, a store buffer about to drain.
/// It is all that schedulers and policies ever see.
/// </summary>
public interface IRunnable
{
    /// <summary>What reports call it ("C1", "writer"); unique within one run.</summary>
    string Name { get; }

    /// <summary>Whether <see cref="Run"/> may be called, and if not, why.</summary>
    RunnableState State { get; }

    /// <summary>
    /// Takes at least one and at most <paramref name="stepCountMax"/> atomic steps. An explorer always passes 1.
    /// </summary>
    /// <returns>The number of steps taken; virtual time advances by it.</returns>
    /// <exception cref="SimulatorBug"><see cref="State"/> was not <see cref="RunnableState.Ready"/>.</exception>
    long Run(long stepCountMax);
}
