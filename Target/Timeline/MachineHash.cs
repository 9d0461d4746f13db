using KgdbSim.Target.Cpu;
using KgdbSim.Target.Interrupts;
using KgdbSim.Target.Machine;
using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Timeline;

/// <summary>
/// One number for the state of a machine: registers, memory, local APICs, virtual time. Two runs of the same course have
/// the same; decoded code, cached translations and a debugger's points don't count.
/// </summary>
internal static unsafe class MachineHash
{
    public static ulong Of(SmpMachine machine)
    {
        var hash = new StableHash(0);
        hash.Add(machine.Steps);
        for (int i = 0; i < machine.CpuCount; i++)
        {
            Add(ref hash, *machine[i].Core.State);
            hash.Add(new ReadOnlySpan<byte>(machine[i].Apic.State, sizeof(ApicState)));
        }

        machine.Memory.AddTo(ref hash);
        return hash.Value;
    }

    private static void Add(ref StableHash hash, CpuState state)
    {
        // Two encodings of the same flags must count as one.
        (state.FlagResult, state.FlagAux) = LazyFlags.FromStatus(state.Rflags & Flags.Status);
        hash.Add(new ReadOnlySpan<byte>(&state, sizeof(CpuState)));
    }
}
