using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Binding.Kernel;
using KgdbSim.Target.Embedding;

namespace KgdbSim.Stub.Tests.Accounting;

/// <summary>
/// Random sessions against a guest that keeps account of its own: no hit is lost, none is told twice, every CPU's debug registers
/// are off while the debugger has the machine, and nothing is left behind.
/// </summary>
public sealed class AccountingTests
{
    private const int ActionCount = 120;
    private const int SessionCount = 12;

    private static readonly CountingGuest Guest = new();

    [Theory]
    [InlineData("none", 2, 1)]
    [InlineData("none", 4, 2)]
    [InlineData("6.1", 1, 3)]
    [InlineData("6.1", 2, 4)]
    [InlineData("6.1", 4, 5)]
    [InlineData("2.6.35", 3, 6)]
    [InlineData("2.6.33", 3, 7)]
    public void Every_hit_is_reported_once(string kernel, int cpuCount, ulong seed)
    {
        int hits = 0;
        for (ulong session = 0; session < SessionCount; session++)
        {
            hits += Session(kernel, cpuCount, (seed << 32) + session);
        }

        Assert.True(hits > SessionCount * ActionCount / 10, $"only {hits} hits");
    }

    private static int Session(string kernel, int cpuCount, ulong seed)
    {
        SimulationOptions options = new() { CpuCount = cpuCount, StartAll = true, Seed = seed, Kernel = kernel };
        using IOwnedTarget target = kernel == "none"
            ? SimulatorTarget.Create("/guest.elf", Guest.Elf, options)
            : KgdbTarget.Create("/guest.elf", Guest.Elf, options);
        byte[] code = new byte[64];
        Assert.Equal(code.Length, target.ReadMemory(0, Guest.Places[0], code));
        RandomDebugger debugger = new(Guest, target, seed);
        try
        {
            for (int i = 0; i < ActionCount; i++)
            {
                debugger.Act();
            }

            debugger.CheckText(code);
            debugger.Leave(code);
        }
        catch (Xunit.Sdk.XunitException wrong)
        {
            Assert.Fail($"{wrong.Message}\nkernel {kernel}, {cpuCount} CPUs, seed {seed:x}; the last packets:\n{debugger.Log}");
        }

        return debugger.HitCount;
    }
}
