using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Traps;

/// <summary>What deliveries in every mode share: the pushed flags, the flags of the handler, error codes.</summary>
internal static unsafe class TrapFrame
{
    /// <summary>IDT bit of an error code: the selector index is a vector.</summary>
    private const uint IdtBit = 2;

    /// <summary>
    /// EXT bit for errors met while delivering: 1 unless an INT instruction asked for the event (SDM vol. 3, 6.13).
    /// </summary>
    public static uint External(in PendingEvent current) => current.Source == EventSource.Software ? 0u : 1u;

    /// <summary>Error code about the event's own gate.</summary>
    public static uint GateError(in PendingEvent current) => ((uint)current.Vector << 3) | IdtBit | External(current);

    /// <summary>
    /// RFLAGS to push. RF is 1 for faults other than #DB, and for what interrupts a string instruction between
    /// iterations; otherwise it is as it was (SDM vol. 3, 18.3.1.1). AMD's processors don't set it between iterations.
    /// </summary>
    public static ulong PushedFlags(CpuCore cpu, in PendingEvent current)
    {
        CpuState* s = cpu.State;
        bool fault = current.Source == EventSource.Exception && current.Vector != Vector.Debug;
        bool betweenIterations = s->Repeating != 0 && cpu.Model.Vendor == CpuVendor.Intel
            && current.Source is EventSource.Exception or EventSource.External or EventSource.Nmi;
        return fault || betweenIterations ? s->Rflags | Flags.Rf : s->Rflags;
    }

    /// <summary>Clears what a handler must start without; IF too if the gate is an interrupt gate.</summary>
    public static void EnterFlags(CpuCore cpu, bool interruptGate)
    {
        ulong clear = Flags.Tf | Flags.Nt | Flags.Rf | Flags.Vm | (interruptGate ? Flags.If : 0);
        cpu.SetSystemFlags(cpu.State->SystemFlags & ~clear);
    }
}
