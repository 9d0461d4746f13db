namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// Keeps the host thread's synchronization context out of a simulation for as long as it runs. Step methods never look at it;
/// a method compiled with the ordinary builder would post its continuation there, to another thread perhaps.
/// </summary>
internal readonly ref struct HostContext
{
    private readonly SynchronizationContext? _saved;

    private HostContext(SynchronizationContext? saved) => _saved = saved;

    /// <summary>Takes the context away until the result is disposed.</summary>
    public static HostContext Suspend()
    {
        SynchronizationContext? current = SynchronizationContext.Current;
        if (current is not null)
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }

        return new HostContext(current);
    }

    /// <summary>Gives it back.</summary>
    public void Dispose()
    {
        if (_saved is not null)
        {
            SynchronizationContext.SetSynchronizationContext(_saved);
        }
    }
}
