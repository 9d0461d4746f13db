using KgdbSim.Stub.Kgdb.Faithful;

namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>The tasks of the stage: those that stand around, as the recorded kernel had them, and those that commands make.</summary>
internal sealed class TaskList
{
    /// <summary>From here on the ids of tasks that commands make.</summary>
    private const int FirstOwnPid = 66;

    /// <summary>NR_CPUS.</summary>
    public const int CpuLimit = 8;

    private static readonly (int Pid, string Name)[] Standing =
    [
        (1, "init"), (2, "kthreadd"), (3, "rcu_gp"), (4, "rcu_par_gp"), (5, "kworker/0:0"), (6, "kworker/0:0H"), (7, "kworker/u8:0"),
        (8, "mm_percpu_wq"), (9, "ksoftirqd/0"), (10, "rcu_sched"), (11, "migration/0"), (12, "cpuhp/0"), (13, "cpuhp/1"),
        (14, "migration/1"), (15, "ksoftirqd/1"), (16, "kworker/1:0"), (17, "kworker/1:0H"), (18, "cpuhp/2"), (19, "migration/2"),
        (20, "ksoftirqd/2"), (21, "kworker/2:0"), (22, "kworker/2:0H"), (23, "cpuhp/3"), (24, "migration/3"), (25, "ksoftirqd/3"),
        (26, "kworker/3:0"), (27, "kworker/3:0H"), (28, "kworker/0:1"), (29, "kdevtmpfs"), (30, "kworker/3:1"), (31, "oom_reaper"),
        (32, "writeback"), (33, "kworker/u8:1"), (34, "kswapd0"), (35, "acpi_thermal_pm"), (36, "kworker/u8:2"), (37, "kworker/1:1"),
        (38, "kworker/2:1"), (53, "kworker/3:2"), (57, "kworker/0:2"), (59, "kworker/3:3"), (60, "kworker/3:4"), (61, "worker0"),
        (62, "kworker/2:1H"), (63, "worker1"), (64, "worker2"), (65, "worker3"),
    ];

    private readonly List<StageTask> _tasks = [.. Standing.Select(t => new StageTask(t.Pid, t.Name))];
    private readonly StageTask[] _offlineIdle =
        [.. Enumerable.Range(0, CpuLimit).Select(cpu => new StageTask(0, $"swapper/{cpu}"))];

    private int _nextPid = FirstOwnPid;

    public IReadOnlyList<IKgdbTask> All => _tasks;

    public StageTask OfflineIdle(int cpu) => _offlineIdle[cpu];

    public StageTask? Find(int pid) => _tasks.Find(task => task.Pid == pid);

    public StageTask? Find(string name) => _tasks.Find(task => task.Comm == name);

    public StageTask Make(string name, TaskStart start)
    {
        var task = new StageTask(_nextPid++, name) { Start = start };
        _tasks.Add(task);
        return task;
    }

    /// <summary>init in the middle of the boot.</summary>
    public StageTask MakeInit(TaskStart start)
    {
        _tasks[0] = new StageTask(1, "init") { Start = start };
        return _tasks[0];
    }

    /// <summary>A task has ended. One that was there from the beginning goes on elsewhere, or sleeps.</summary>
    public void Remove(StageTask task)
    {
        if (task.Pid >= FirstOwnPid)
        {
            _tasks.Remove(task);
        }
    }
}
