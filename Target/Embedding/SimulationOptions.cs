using KgdbSim.Target.Cpu;
using KgdbSim.Target.Kernel.Hosting;
using KgdbSim.Target.Kernel.Traps;
using KgdbSim.Target.Machine;

namespace KgdbSim.Target.Embedding;

/// <summary>What a <see cref="Simulation"/> is made of.</summary>
public sealed record SimulationOptions
{
    /// <summary>Processors, 1..255; they are numbered from 0.</summary>
    public int CpuCount { get; init; } = 4;

    /// <summary>Bytes of RAM from physical address 0: a multiple of 4096, 1 MiB..64 GiB.</summary>
    public ulong MemoryBytes { get; init; } = 64UL << 20;

    /// <summary>What every choice of the scheduler follows from: the same seed, image and commands give the same course.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The processor model, one of <see cref="CpuNames"/>: which features there are, and whose peculiarities.</summary>
    public string Cpu { get; init; } = CpuModel.Default.Name;

    /// <summary>Names of processor models.</summary>
    public static IReadOnlyList<string> CpuNames { get; } = [.. CpuModel.All.Select(model => model.Name)];

    /// <summary>How the guest is entered.</summary>
    public BootProtocol Boot { get; init; } = BootProtocol.Elf64;

    /// <summary>
    /// All processors start at the entry point with RDI = processor number and a stack each; otherwise processor 0 starts
    /// and the others wait for INIT and start-up IPIs (SDM vol. 3, 9.4).
    /// </summary>
    public bool StartAll { get; init; }

    /// <summary>
    /// Whose the traps are: "none", the guest's own interrupt table; or the version of a modelled kernel, one of
    /// <see cref="KernelNames"/>, which owns #DB, #BP and NMI and has kgdb inside.
    /// </summary>
    public string Kernel { get; init; } = "none";

    /// <summary>
    /// Defects that <see cref="Kernel"/> is to have all the same, by the ids of the scenarios and differences that show them
    /// ("HB-07", "KG-01", "KD-06"; <c>kgdbsim scenarios</c> lists them), each one of <see cref="DefectNamesOf"/> that kernel.
    /// </summary>
    public IReadOnlyList<string> AsPosted { get; init; } = [];

    /// <summary>What <see cref="AsPosted"/> can hold, in one kernel or another.</summary>
    public static IReadOnlyList<string> DefectNames => NamedDefects.Ids;

    /// <summary>Whether lockdep watches the locks of <see cref="Kernel"/>; see <see cref="SimulatedKernel.Lockdep"/>.</summary>
    public bool Lockdep { get; init; }

    /// <summary>What <see cref="Kernel"/> can be.</summary>
    public static IReadOnlyList<string> KernelNames { get; } = ["none", .. KernelVersions.Names];

    /// <summary>What <see cref="AsPosted"/> can hold with one of <see cref="KernelNames"/>; nothing with "none".</summary>
    public static IReadOnlyList<string> DefectNamesOf(string kernel) =>
        KernelVersions.Find(kernel) is { } version ? NamedDefects.IdsOf(version) : [];
}
