using KgdbSim.Target.Embedding;
using KgdbSim.Testing;

namespace KgdbSim.Target.Tests.Machine;

/// <summary>gcc-built guests, start-up code, traps and application processors included, print what they print under QEMU 7.2.</summary>
public sealed class GuestProgramTests(BuiltGuests guests) : IClassFixture<BuiltGuests>
{
    /// <summary>More than any of them needs at scale 1.</summary>
    private const long StepsMax = 400_000_000;

    [Theory]
    [InlineData("null", "0000000000000000")]
    [InlineData("sieve", "0000000000011900")]
    [InlineData("crc32", "00000000b1fb7ead")]
    [InlineData("sha256", "09443cca1d587dce")]
    [InlineData("matmul", "00002dfa84675a0f")]
    [InlineData("fib", "000000000004d973")]
    [InlineData("dhry", "000000006b604030")]
    [InlineData("strops", "c910a846ffbd35cc")]
    [InlineData("memrep", "d842c72bd255983c")]
    [InlineData("smc", "000000011edf1640")]
    [InlineData("dbghot", "00000000a8037773")]
    [InlineData("syscall", "7821493f0232022c")]
    [InlineData("int3", "00000000001b7740")]
    [InlineData("tfstep", "9ed8c2f36292505a")]
    [InlineData("dr7watch", "0000000425326990")]
    [InlineData("smplock", "00000004a8190083")]
    [InlineData("xmc", "00000000000000c8")]
    public void Prints_the_checksum_that_QEMU_prints(string name, string checksum)
    {
        using Simulation simulation = Load(name, seed: 1);
        SimulationStop stop = simulation.Run(StepsMax);
        Assert.Equal(SimulationStopReason.Exited, stop.Reason);
        Assert.Equal(1, stop.ExitCode);
        Assert.Equal($"B\nE {checksum}\n", simulation.TakeConsoleOutput());
    }

    [Theory]
    [InlineData("smplock", "00000004a8190083")]
    [InlineData("xmc", "00000000000000c8")]
    public void Four_processors_agree_whatever_the_seed(string name, string checksum)
    {
        for (ulong seed = 2; seed < 12; seed++)
        {
            using Simulation simulation = Load(name, seed);
            simulation.Run(StepsMax);
            Assert.True($"B\nE {checksum}\n" == simulation.TakeConsoleOutput(), $"seed {seed}: {name}");
        }
    }

    [Fact]
    public void By_PVH_a_guest_starts_in_32_bit_mode_and_finds_its_own_way_to_64_bits()
    {
        using var simulation = new Simulation(
            new SimulationOptions { CpuCount = 4, Boot = KgdbSim.Target.Machine.BootProtocol.Pvh });
        simulation.Load(File.ReadAllBytes(guests.PathOf("smplock")));
        Assert.Equal(0UL, simulation.Cpu(0).Rip >> 32);
        simulation.Run(StepsMax);
        Assert.Equal("B\nE 00000004a8190083\n", simulation.TakeConsoleOutput());
    }

    [Fact]
    public void The_same_seed_gives_the_same_course_however_the_run_is_cut()
    {
        using Simulation whole = Load("smplock", 7);
        using Simulation cut = Load("smplock", 7);
        using Simulation stepped = Load("smplock", 7);
        using Simulation other = Load("smplock", 8);
        const long steps = 1_000_000;
        whole.Run(steps);
        other.Run(steps);
        for (long done = 0; done < steps;)
        {
            long slice = Math.Min(1 + (done % 977), steps - done);
            cut.Run(slice);
            done += slice;
        }

        stepped.Run(steps - 2000);
        for (int i = 0; i < 2000; i++)
        {
            stepped.Run(1);
        }

        Assert.Equal((ulong)steps, whole.StepCount);
        Assert.Equal(whole.StateHash, cut.StateHash);
        Assert.Equal(whole.StateHash, stepped.StateHash);
        Assert.NotEqual(whole.StateHash, other.StateHash);
    }

    [Fact]
    public void Two_simulations_in_one_process_do_not_meet()
    {
        using Simulation alone = Load("smplock", 3);
        alone.Run(1_000_000);
        using Simulation one = Load("smplock", 3);
        using Simulation other = Load("xmc", 4);
        for (int i = 0; i < 1000; i++)
        {
            one.Run(1000);
            other.Run(1000);
        }

        Assert.Equal(alone.StateHash, one.StateHash);
    }

    private Simulation Load(string name, ulong seed)
    {
        var simulation = new Simulation(new SimulationOptions { CpuCount = 4, Seed = seed });
        simulation.Load(File.ReadAllBytes(guests.PathOf(name)));
        return simulation;
    }
}
