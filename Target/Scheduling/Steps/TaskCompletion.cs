namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>The location a task writes by ending, and joiners read.</summary>
internal sealed class TaskCompletion : SharedLocation, IWaitCondition
{
    private int _presentVersion;

    public TaskCompletion(World world) : base(world)
    {
    }

    public void Bind(string task, ulong key) => Rebind(task, key);

    public void Complete() => CountWrite();

    public bool Holds(StepContext context) => Version != 0;

    internal override void Rewind(int version)
    {
        _presentVersion = Version;
        Version = Math.Min(version, Version);
    }

    internal override void Restore() => Version = _presentVersion;
}
