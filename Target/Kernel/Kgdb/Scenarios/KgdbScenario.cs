using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Scenarios;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>What the scenarios of family KG have in common: addresses, and a first session that sets a breakpoint.</summary>
internal abstract class KgdbScenario : Scenario
{
    /// <summary>Code: a compiled-in int3 (kgdb_breakpoint) comes first, instructions follow.</summary>
    protected const ulong Code = 0xFFFF_FFFF_8100_1000;

    /// <summary>Data that is watched.</summary>
    protected const ulong Watched = 0xFFFF_8880_0000_2000;

    /// <summary>Other data.</summary>
    protected const ulong Other = 0xFFFF_8880_0000_3000;

    /// <summary>An instruction that stores a byte.</summary>
    protected static StageInstruction Store(ulong at, ulong data) => new(at, data, 1);

    /// <summary>A thread whose first instruction is a compiled-in int3, so that a session comes first; then <paramref name="code"/>.</summary>
    protected static StageThread BreakThen(KgdbStage stage, int cpu, params StageInstruction[] code)
    {
        ulong first = Code + ((ulong)cpu << 8);
        stage.Memory.Map(first, 0xCC);
        return stage.Thread(cpu, [new StageInstruction(first), .. code]);
    }

    /// <summary>Z2 in a session, of one byte.</summary>
    protected static ValueTask<Errno> Watch(KgdbStage stage, KernelContext c, ulong address) =>
        stage.Hardware.Set(c, address, 1, KgdbBreakpointType.Write);

    /// <summary>z2 in a session.</summary>
    protected static ValueTask<Errno> Unwatch(KgdbStage stage, KernelContext c, ulong address) =>
        stage.Hardware.Remove(c, address, 1, KgdbBreakpointType.Write);

    /// <summary>DR7 of a CPU is what the kernel wants it to be.</summary>
    protected static bool IsConsistent(KgdbStage stage, int cpu) =>
        (stage.Kernel.Cpus[cpu].DebugRegisters.Value(7) & ~DebugRegisterFile.Dr7Reset) == stage.Perf!.Cpu(cpu).Dr7.Value;
}
