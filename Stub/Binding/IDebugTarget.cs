using KgdbSim.Protocol.TargetDescription;
using KgdbSim.Stub.Binding.Capabilities;
using KgdbSim.Target.Embedding;
using KgdbSim.Target.Memory;

namespace KgdbSim.Stub.Binding;

/// <summary>
/// What a session needs of a machine at the least; everything else is a capability that is there or is not, and is the
/// only source of what the session announces. All calls come from one thread, and between two runs the machine stands.
/// </summary>
internal interface IDebugTarget
{
    /// <summary>The number of CPUs, 1-255; they are numbered from 0 and are gdb's threads 1 to N.</summary>
    int CpuCount { get; }

    /// <summary>What the CPU is about to do.</summary>
    CpuActivity ActivityOf(int cpu);

    /// <summary>The registers that every CPU has, by their numbers on the wire.</summary>
    RegisterSet Registers { get; }

    /// <summary>
    /// Copies a register, in target byte order, and returns its size in bytes; 0 if the number is not known or the value
    /// not available.
    /// </summary>
    int ReadRegister(int cpu, int number, Span<byte> destination);

    /// <summary>Sets a register from exactly as many bytes as it has.</summary>
    RegisterWriteResult WriteRegister(int cpu, int number, ReadOnlySpan<byte> value);

    /// <summary>
    /// Reads guest memory at a virtual address as the CPU sees it, without any side effect (no fault, no accessed bit, no
    /// device register), and without breakpoints. Returns how many bytes could be read before the first that could not.
    /// </summary>
    int ReadMemory(int cpu, ulong address, Span<byte> destination);

    /// <summary>
    /// Writes guest memory at a virtual address as the CPU sees it, write protection notwithstanding: all bytes and true,
    /// or, if any of them is not backed by memory, none and false.
    /// </summary>
    bool WriteMemory(int cpu, ulong address, ReadOnlySpan<byte> source);

    /// <summary>The region of virtual addresses that one lies in, mapped or not, as the CPU sees it; null if the target has no memory.</summary>
    LinearRegion? FindRegion(int cpu, ulong address);

    /// <summary>
    /// Runs the machine by the plan until something stops it or <paramref name="maxSteps"/> instructions have retired.
    /// Cutting a run into slices has no influence on its course.
    /// </summary>
    /// <param name="plan">What every CPU does; the same from slice to slice of one run.</param>
    /// <param name="maxSteps">The budget of this slice in retired instructions, at least 1.</param>
    /// <param name="stops">Receives the stops, in the order they happened; cleared by the caller.</param>
    RunResult Run(ResumePlan plan, long maxSteps, List<StopEvent> stops);

    /// <summary>
    /// Asks the machine to stand. It need not happen at once: runs go on until one returns
    /// <see cref="RunEnd.Stopped"/>, with <see cref="StopKind.Interrupted"/> if nothing else happened first.
    /// </summary>
    void RequestHalt();

    /// <summary>Execution breakpoints, if it has any.</summary>
    IBreakpoints? Breakpoints { get; }

    /// <summary>Data watchpoints, if it has any.</summary>
    IWatchpoints? Watchpoints { get; }

    /// <summary>Who else has debug registers, where they are shared.</summary>
    ISlotOwners? SlotOwners => null;

    /// <summary>The program that the guest runs, if it is known.</summary>
    IGuestImage? Image { get; }

    /// <summary>Bringing the machine back to its reset state, if it can.</summary>
    IRestart? Restart { get; }

    /// <summary>Where memory is, if it can tell.</summary>
    IMemoryMap? MemoryMap { get; }

    /// <summary>What the guest prints, if it has a console.</summary>
    IGuestConsole? Console { get; }

    /// <summary>Seed, step counts and such, if it counts them.</summary>
    IMachineFacts? Facts { get; }

    /// <summary>The modelled kernel that owns the traps, if there is one; another one after a restart.</summary>
    SimulatedKernel? Kernel => null;

    /// <summary>Names for its CPUs, if it has better ones than numbers.</summary>
    ICpuLabels? Labels => null;
}
