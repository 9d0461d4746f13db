using KgdbSim.Target.Exploration;
using KgdbSim.Target.Kernel.Sync;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Kernel.Tests.Sync;

/// <summary>Masks and bits that several CPUs change.</summary>
public sealed class CpuMaskTests
{
    [Theory]
    [InlineData(true, new[] { "mask=0" })]
    [InlineData(false, new[] { "mask=0", "mask=1", "mask=2" })]
    public void Only_LOCKed_clears_lose_nothing(bool locked, string[] expected)
    {
        ExplorationReport report = Small.Explore(2, kernel =>
        {
            CpuMask mask = new(kernel, "mask", 3);
            for (int cpu = 0; cpu < 2; cpu++)
            {
                kernel.Spawn($"t{cpu}", cpu, async c =>
                {
                    if (locked)
                    {
                        await mask.Clear(c, c.Home.Number);
                    }
                    else
                    {
                        await mask.Bits.ClearBitPlainly(c, c.Home.Number);
                    }
                });
            }

            kernel.World.Outcome(o => o.Add("mask", mask.Bits.Value));
        });

        Assert.Equal(expected, report.OutcomeSet);
    }

    [Fact]
    public void Exactly_one_test_and_clear_finds_the_bit_set()
    {
        ExplorationReport report = Small.Explore(2, kernel =>
        {
            CpuMask mask = new(kernel, "mask", 1);
            SharedCell<int> found = kernel.World.Cell("found", 0);
            for (int cpu = 0; cpu < 2; cpu++)
            {
                kernel.Spawn($"t{cpu}", cpu, async c => await found.FetchAdd(c, await mask.TestAndClear(c, 0) ? 1 : 0));
            }

            kernel.World.Outcome(o => o.Add("found", found.Value));
        });

        Assert.Equal(["found=1"], report.OutcomeSet);
    }

    [Fact]
    public void Waiting_for_an_empty_mask_ends_with_the_last_clear()
    {
        ExplorationReport report = Small.Explore(3, kernel =>
        {
            CpuMask mask = new(kernel, "mask", 0);
            SharedCell<int> cleared = kernel.World.Cell("cleared", 0);
            SharedCell<int> seen = kernel.World.Cell("seen", -1);
            kernel.Spawn("t0", 0, async c =>
            {
                await mask.SetToOthersOnline(c);
                await mask.AwaitEmpty(c);
                await seen.Write(c, await cleared.Read(c));
            });
            for (int cpu = 1; cpu < 3; cpu++)
            {
                kernel.Spawn($"t{cpu}", cpu, async c =>
                {
                    await mask.Bits.WaitUntil(c, static bits => bits != 0);
                    await cleared.FetchAdd(c, 1);
                    await mask.Clear(c, c.Home.Number);
                });
            }

            kernel.World.Outcome(o => o.Add("seen", seen.Value));
        });

        Assert.Contains("seen=2", report.OutcomeSet);
    }
}
