using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>RDRAND, RDSEED: always successful, from the processor's own seeded sequence (SDM vol. 2).</summary>
internal static unsafe class RandomNumber
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Rdrand, null, &Draw<ushort>, &Draw<uint>, &Draw<ulong>);
        table.Add(Mnemonic.Rdseed, null, &Draw<ushort>, &Draw<uint>, &Draw<ulong>);
    }

    private static StepStatus Draw<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        Gpr.Write(cpu.State, op->R0, T.CreateTruncating(cpu.State->Random.NextUInt64()));
        (cpu.State->FlagResult, cpu.State->FlagAux) = LazyFlags.FromStatus(Flags.Cf);
        return StepStatus.Next;
    }
}
