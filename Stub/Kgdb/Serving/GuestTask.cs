using System.Globalization;
using System.Text;
using KgdbSim.Stub.Kgdb.Faithful;

namespace KgdbSim.Stub.Kgdb.Serving;

/// <summary>What runs on a CPU of a guest that has no tasks a debugger could know of; or that CPU's idle task, with pid 0.</summary>
internal sealed class GuestTask(int pid, string prefix, int cpu) : IKgdbTask
{
    private readonly byte[] _name = Encoding.Latin1.GetBytes(prefix + cpu.ToString(CultureInfo.InvariantCulture));

    public int Pid { get; } = pid;

    public ReadOnlySpan<byte> Name => _name;

    /// <summary>It never sleeps.</summary>
    public ulong SavedStackPointer => 0;

    public ulong SavedFramePointer => 0;
}
