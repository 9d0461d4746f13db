using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using Vector = KgdbSim.Target.Cpu.Execute.Vector;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>BOUND (SDM vol. 2): #BR if the signed index is outside the pair of bounds in memory. Not in 64-bit mode.</summary>
internal static unsafe class Bound
{
    public static void Register(InstructionTable table)
    {
        table.Add(Code.Bound_r16_m1616, &Check<ushort, uint>);
        table.Add(Code.Bound_r32_m3232, &Check<uint, ulong>);
    }

    private static StepStatus Check<T, TPair>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
        where TPair : unmanaged, IBinaryInteger<TPair>
    {
        if (!Operands.Read1(cpu, op, out TPair bounds))
        {
            return StepStatus.Fault;
        }

        var index = (long)LazyFlags.Result(Gpr.Read<T>(cpu.State, op->R0));
        var lower = (long)LazyFlags.Result(T.CreateTruncating(bounds));
        var upper = (long)LazyFlags.Result(T.CreateTruncating(bounds >> (8 * sizeof(T))));
        return index >= lower && index <= upper ? StepStatus.Next : cpu.Fault(Vector.BoundRange);
    }
}
