using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// NOP in all its forms, the reserved hints 0F 18..1F, ENDBR, and prefetches, which touch no memory (SDM vol. 2); fences:
/// one host thread runs all processors, so every access is in order anyway.
/// </summary>
internal static unsafe class Nop
{
    public static void Register(InstructionTable table)
    {
        ReadOnlySpan<Mnemonic> mnemonics =
        [
            Mnemonic.Nop, Mnemonic.Reservednop, Mnemonic.Endbr32, Mnemonic.Endbr64,
            Mnemonic.Prefetch, Mnemonic.Prefetchw, Mnemonic.Prefetchwt1, Mnemonic.Prefetchnta,
            Mnemonic.Prefetcht0, Mnemonic.Prefetcht1, Mnemonic.Prefetcht2,
            Mnemonic.Prefetchit0, Mnemonic.Prefetchit1, Mnemonic.Cldemote,
            Mnemonic.Lfence, Mnemonic.Mfence, Mnemonic.Sfence,
        ];
        foreach (Mnemonic mnemonic in mnemonics)
        {
            table.Add(mnemonic, &Nothing);
        }
    }

    private static StepStatus Nothing(CpuCore cpu, DecodedOp* op) => StepStatus.Next;
}
