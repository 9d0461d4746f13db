using System.Text;
using KgdbSim.Stub.Kgdb.Faithful;

namespace KgdbSim.Oracle.Tests.Fakes;

/// <summary>A task that sleeps, or runs on a CPU of <see cref="FakeKernel"/>.</summary>
internal sealed class FakeTask(int pid, string name) : IKgdbTask
{
    public int Pid { get; } = pid;

    public string Comm { get; } = name;

    public ReadOnlySpan<byte> Name => Encoding.Latin1.GetBytes(Comm);

    public ulong SavedStackPointer => 0xffff_c900_0000_0000 + ((ulong)Pid << 12);

    public ulong SavedFramePointer => SavedStackPointer + 0x70;
}
