namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>The location a task writes by ending, and joiners read.</summary>
internal sealed class TaskCompletion : SharedLocation, IWaitCondition
{
    private readonly StepTask _task;
    private int _presentVersion;

    public TaskCompletion(World world, StepTask task) : base(world)
    {
        _task = task;
    }

    public void Bind(ulong key) => Rebind(_task.Name, key);

    public void Complete() => CountWrite();

    public bool Holds(StepContext context) => Version != 0;

    internal override void Rewind(int version)
    {
        _presentVersion = Version;
        Version = Math.Min(version, Version);
    }

    internal override void Restore() => Version = _presentVersion;
}
