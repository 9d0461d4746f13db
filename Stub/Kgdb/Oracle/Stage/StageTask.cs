using System.Text;
using KgdbSim.Stub.Kgdb.Faithful;

namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>A task of the stage's kernel.</summary>
internal sealed class StageTask(int pid, string name) : IKgdbTask
{
    private readonly byte[] _name = Encoding.Latin1.GetBytes(name);

    public int Pid { get; } = pid;

    public string Comm { get; } = name;

    /// <summary>thread.virtual_dr6: what the overflow handler sets and only a user #DB, ptrace or exec clears.</summary>
    public ulong VirtualDr6 { get; set; }

    /// <summary>Where it begins, and with which registers; null for tasks that only sleep.</summary>
    public TaskStart? Start { get; set; }

    ReadOnlySpan<byte> IKgdbTask.Name => _name;

    public ulong SavedStackPointer => StageMap.TaskStackTop(Pid) - 0x1f0;

    public ulong SavedFramePointer => SavedStackPointer + 0x70;
}
