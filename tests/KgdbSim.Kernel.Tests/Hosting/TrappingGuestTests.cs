using KgdbSim.Target.Embedding;
using KgdbSim.Testing;

namespace KgdbSim.Kernel.Tests.Hosting;

/// <summary>
/// gcc-built guests that have an IDT of their own and use INT3, the trap flag, debug registers, locks and code that other CPUs change
/// print under a modelled kernel, whose traps these are not, what they print under QEMU 7.2 and on the bare machine.
/// </summary>
public sealed class TrappingGuestTests(BuiltGuests guests) : IClassFixture<BuiltGuests>
{
    /// <summary>More than any of them needs at scale 1.</summary>
    private const long StepsMax = 400_000_000;

    /// <summary>What each prints under QEMU 7.2, on how many CPUs soever.</summary>
    private static readonly (string Name, string Checksum)[] Guests =
    [
        ("int3", "00000000001b7740"),
        ("tfstep", "9ed8c2f36292505a"),
        ("dr7watch", "0000000425326990"),
        ("smplock", "00000004a8190083"),
        ("xmc", "00000000000000c8"),
    ];

    public static TheoryData<string, string, string> Cases { get; } = AllCases();

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_kernel_that_a_guest_does_not_know_of_changes_nothing(string name, string kernel, string checksum)
    {
        using Simulation simulation = new(new SimulationOptions { CpuCount = 4, Kernel = kernel });
        simulation.Load(File.ReadAllBytes(guests.PathOf(name)));
        SimulationStop stop = simulation.Run(StepsMax);
        string repeat = $"to repeat: tests/guests/build DIR 1 && kgdbsim run DIR/{name}.elf --cpus 4 --kernel {kernel}";
        Assert.True(stop.Reason == SimulationStopReason.Exited, $"{stop.Reason} instead of an exit; {repeat}");
        Assert.True($"B\nE {checksum}\n" == simulation.TakeConsoleOutput(), repeat);
        Assert.Equal(1, stop.ExitCode);
    }

    private static TheoryData<string, string, string> AllCases()
    {
        TheoryData<string, string, string> cases = [];
        foreach ((string name, string checksum) in Guests)
        {
            foreach (string kernel in SimulationOptions.KernelNames)
            {
                cases.Add(name, kernel, checksum);
            }
        }

        return cases;
    }
}
