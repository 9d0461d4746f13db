using System.Globalization;
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
    private const int SessionCount = 20;

    private static readonly CountingGuest Plain = new();
    private static readonly CountingGuest Arming = new(arms: true);

    /// <summary>KGDBSIM_SEED: other sessions than those of every day; a failure says which.</summary>
    private static readonly ulong Base = ulong.TryParse(
        Environment.GetEnvironmentVariable("KGDBSIM_SEED"), CultureInfo.InvariantCulture, out ulong seed) ? seed : 0;

    [Theory]
    [InlineData("none", 2, 1)]
    [InlineData("none", 4, 2)]
    [InlineData("6.1", 1, 3)]
    [InlineData("6.1", 2, 4)]
    [InlineData("6.1", 4, 5)]
    [InlineData("2.6.35", 3, 6)]
    [InlineData("2.6.33", 3, 7)]
    [InlineData("6.1", 3, 8, true)]
    [InlineData("2.6.33", 2, 9, true)]
    [InlineData("2.6.30", 3, 10)]
    [InlineData("2.6.30", 4, 11, true)]
    [InlineData("2.6.21", 2, 12)]
    [InlineData("2.6.14", 4, 13)]
    public void Every_hit_is_reported_once(string kernel, int cpuCount, ulong seed, bool hasTasks = false) =>
        Sessions(Plain, kernel, cpuCount, seed, hasTasks);

    /// <summary>The guest watches something itself: it has all of its hits, and no other's.</summary>
    [Theory]
    [InlineData("none", 2, 14)]
    [InlineData("6.1", 1, 15)]
    [InlineData("6.1", 3, 16)]
    [InlineData("2.6.35", 2, 17)]
    [InlineData("2.6.33", 2, 18)]
    public void Nor_is_one_of_the_guests_own_lost(string kernel, int cpuCount, ulong seed) => Sessions(Arming, kernel, cpuCount, seed, false);

    private static void Sessions(CountingGuest guest, string kernel, int cpuCount, ulong seed, bool hasTasks)
    {
        int hits = 0;
        for (ulong session = 0; session < SessionCount; session++)
        {
            hits += Session(guest, kernel, cpuCount, hasTasks, (Base << 40) + (seed << 32) + session);
        }

        Assert.True(hits > SessionCount * ActionCount / 10, $"only {hits} hits");
    }

    private static int Session(CountingGuest guest, string kernel, int cpuCount, bool hasTasks, ulong seed)
    {
        SimulationOptions options = new() { CpuCount = cpuCount, StartAll = true, Seed = seed, Kernel = kernel };
        using IOwnedTarget target = kernel == "none"
            ? SimulatorTarget.Create("/guest.elf", guest.Elf, options)
            : KgdbTarget.Create("/guest.elf", guest.Elf, options);
        byte[] code = new byte[64];
        Assert.Equal(code.Length, target.ReadMemory(0, guest.Places[0], code));
        RandomDebugger debugger = new(guest, target, hasTasks ? new TaskThreads(target) : null, seed);
        try
        {
            if (guest.Arms)
            {
                debugger.WarmUp();
            }

            for (int i = 0; i < ActionCount; i++)
            {
                debugger.Act();
            }

            debugger.CheckText(code);
            debugger.Leave(code);
        }
        catch (Xunit.Sdk.XunitException wrong)
        {
            string machine = $"kernel {kernel}, {cpuCount} CPUs, {(hasTasks ? "tasks" : "CPUs")} as threads, session {seed:x}";
            string repeat = $"KGDBSIM_SEED={Base} dotnet test tests/KgdbSim.Stub.Tests --filter {nameof(AccountingTests)}";
            Assert.Fail($"{wrong.Message}\n{machine}; to repeat it: {repeat}\n{debugger.Log}");
        }

        return debugger.HitCount;
    }
}
