namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>A runnable that a world starts when its run starts, and drops when the next is set up.</summary>
internal interface IStartableRunnable : IContextRunnable
{
    /// <summary>Written when it ends.</summary>
    TaskCompletion Completion { get; }

    /// <summary>Begins its method and runs it up to the first suspension; called once per run.</summary>
    void Start();

    /// <summary>Forgets whatever it is in the middle of.</summary>
    void Drop();
}
