using KgdbSim.Target.Cpu;

namespace KgdbSim.Target.Machine;

/// <summary>How a guest image is started.</summary>
public enum BootProtocol
{
    /// <summary>At <c>e_entry</c> in 64-bit mode, CPL 0, interrupts off, memory identity-mapped, a stack at the top of memory.</summary>
    Elf64,

    /// <summary>At the Xen PVH note's entry point in 32-bit protected mode, paging off, EBX = hvm_start_info.</summary>
    Pvh,

    /// <summary>By the Multiboot 0.6.96 specification: 32-bit protected mode, paging off, EAX = 0x2BADB002, EBX = information.</summary>
    Multiboot,
}

/// <summary>What a machine is made of; checked when it is built.</summary>
internal sealed record MachineOptions
{
    public const int CpuCountMax = 255;
    public const ulong MemoryMin = 1UL << 20;

    /// <summary>Processors, 1..255.</summary>
    public int CpuCount { get; init; } = 4;

    /// <summary>Bytes of RAM from physical address 0: a multiple of 4096, 1 MiB..64 GiB; RAM at the APIC's page is hidden by it.</summary>
    public ulong Memory { get; init; } = 64UL << 20;

    /// <summary>What every nondeterministic choice follows from.</summary>
    public ulong Seed { get; init; } = 1;

    public BootProtocol Boot { get; init; } = BootProtocol.Elf64;

    /// <summary>All processors start at the entry point, RDI = number, a stack each; else the others wait for a start-up IPI.</summary>
    public bool StartAll { get; init; }

    public CpuModel Model { get; init; } = CpuModel.Default;
}
