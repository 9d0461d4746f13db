using System.Diagnostics;
using KgdbSim.Target.Embedding;
using KgdbSim.Target.Machine;
using KgdbSim.Testing;

namespace KgdbSim.Target.Tests.Machine;

/// <summary>A guest entered by Multiboot finds what the specification promises (0.6.96, 3.2 and 3.3); built with gcc.</summary>
public sealed class MultibootTests
{
    [Theory]
    [InlineData(0x00000, "start")]
    [InlineData(0x10003, "elf_entry")]
    public void The_guest_starts_in_32_bit_protected_mode_with_magic_and_memory_sizes(int flags, string elfEntry)
    {
        using var simulation = new Simulation(new SimulationOptions { MemoryBytes = 32 << 20, Boot = BootProtocol.Multiboot });
        simulation.Load(Build(flags, elfEntry));
        SimulationStop stop = simulation.Run(100_000);
        Assert.Equal((SimulationStopReason.Exited, 0x2B), (stop.Reason, stop.ExitCode));

        // Magic; flags: only the memory fields; 640 KiB; 31 MiB; PE without PG; neither VM nor IF; a word of its data.
        Assert.Equal(
            "2badb002\n00000001\n00000280\n00007c00\n00000001\n00000000\n00c0ffee\n", simulation.TakeConsoleOutput());
    }

    private static byte[] Build(int flags, string elfEntry)
    {
        string source = Path.Combine(Repository.Root, "tests", "KgdbSim.Target.Tests", "Machine", "MultibootGuest.S");
        string folder = Directory.CreateTempSubdirectory("kgdbsim-multiboot-").FullName;
        try
        {
            string elf = Path.Combine(folder, "guest.elf");
            string[] arguments =
            [
                "-nostdlib", "-static", "-no-pie", $"-Wa,--defsym,FLAGS={flags}", "-Wl,--build-id=none,-n,-Ttext=0x100000",
                $"-Wl,-e,{elfEntry}", "-o", elf, source,
            ];
            using Process gcc = Process.Start(new ProcessStartInfo("gcc", arguments) { RedirectStandardError = true })!;
            string errors = gcc.StandardError.ReadToEnd();
            gcc.WaitForExit();
            Assert.True(gcc.ExitCode == 0, $"gcc {string.Join(' ', arguments)}: {errors}");
            return File.ReadAllBytes(elf);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
