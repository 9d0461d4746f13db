using KgdbSim.Target.Kernel.Core;

namespace KgdbSim.Target.Kernel.Traps;

/// <summary>Who looks at an int3 before the die chain does: text poke, kprobes.</summary>
internal interface IInt3Hook
{
    /// <summary>What records call it.</summary>
    string Name { get; }

    /// <summary>
    /// Takes the trap at once if that needs no step that could wait and nobody else's view matters (inline runs only); false
    /// leaves everything as it was. Must be a few nanoseconds when it has nothing to do with the address.
    /// </summary>
    bool TryHandleInline(KernelCpu cpu, KernelRegisters registers);

    /// <summary>The same, step by step: whether it took the trap.</summary>
    ValueTask<bool> Handle(KernelContext c, KernelRegisters registers);
}
