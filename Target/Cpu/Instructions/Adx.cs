using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>ADCX, ADOX (SDM vol. 2): additions with two independent carry chains, in CF and in OF; no other flag changes.</summary>
internal static unsafe class Adx
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Adcx, null, null, &Adcx<uint>, &Adcx<ulong>);
        table.Add(Mnemonic.Adox, null, null, &Adox<uint>, &Adox<ulong>);
    }

    private static StepStatus Adcx<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        if (!Operands.Read1(cpu, op, out T source))
        {
            return StepStatus.Fault;
        }

        ulong carry = Sum(s, op->R0, source, LazyFlags.CarryBit(s->FlagAux));
        s->FlagAux = LazyFlags.WithCarry(s->FlagAux, carry);
        return StepStatus.Next;
    }

    private static StepStatus Adox<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        if (!Operands.Read1(cpu, op, out T source))
        {
            return StepStatus.Fault;
        }

        ulong carry = Sum(s, op->R0, source, LazyFlags.Overflow(s->FlagAux) ? 1UL : 0);
        s->FlagAux = LazyFlags.WithOverflow(s->FlagAux, carry);
        return StepStatus.Next;
    }

    private static ulong Sum<T>(CpuState* s, int register, T source, ulong carryIn)
        where T : unmanaged, IBinaryInteger<T>
    {
        T a = Gpr.Read<T>(s, register);
        T result = a + source + T.CreateTruncating(carryIn);
        Gpr.Write(s, register, result);
        return LazyFlags.CarryBit(LazyFlags.AuxFromCarries(Carry.OfSum(a, source, result)));
    }
}
