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
        table.Add(Code.Bound_r16_m1616, &Check<ushort>);
        table.Add(Code.Bound_r32_m3232, &Check<uint>);
    }

    private static StepStatus Check<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        // Two operands, each with its own alignment and place in the segment.
        CpuState* s = cpu.State;
        bool stack = Operands.Stack(op);
        ulong offset = Operands.Offset(s, op);
        if (!Operands.Linear(cpu, op, offset, sizeof(T), false, out ulong first)
            || !cpu.Mmu.Load(first, stack, out T lower)
            || !Operands.Linear(cpu, op, Operands.Wrap(op, offset + (ulong)sizeof(T)), sizeof(T), false, out ulong second)
            || !cpu.Mmu.Load(second, stack, out T upper))
        {
            return StepStatus.Fault;
        }

        var index = (long)LazyFlags.Result(Gpr.Read<T>(s, op->R0));
        return index >= (long)LazyFlags.Result(lower) && index <= (long)LazyFlags.Result(upper)
            ? StepStatus.Next
            : cpu.Fault(Vector.BoundRange);
    }
}
