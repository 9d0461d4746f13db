using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// MUL, IMUL with one, two and three operands (SDM vol. 2). CF = OF = the product does not fit the lower half; SF, ZF and
/// PF, undefined, are those of the lower half.
/// </summary>
internal static unsafe class Multiply
{
    public static void Register(InstructionTable table)
    {
        table.Add(Mnemonic.Mul, &Mul8, &Mul<ushort>, &Mul<uint>, &Mul64);
        table.Add(Code.Imul_rm8, &Imul8);
        table.Add(Code.Imul_rm16, &Imul<ushort, short>);
        table.Add(Code.Imul_rm32, &Imul<uint, int>);
        table.Add(Code.Imul_rm64, &Imul64);
        Two(table, Code.Imul_r16_rm16, Code.Imul_r32_rm32, Code.Imul_r64_rm64);
        Three(table, Code.Imul_r16_rm16_imm16, Code.Imul_r32_rm32_imm32, Code.Imul_r64_rm64_imm32);
        Three(table, Code.Imul_r16_rm16_imm8, Code.Imul_r32_rm32_imm8, Code.Imul_r64_rm64_imm8);
    }

    /// <summary>The lower half of a signed product, and whether the upper half says more than its sign.</summary>
    public static T Signed<T>(T a, T b, out bool overflow)
        where T : unmanaged, IBinaryInteger<T>
    {
        long x = (long)LazyFlags.Result(a);
        long y = (long)LazyFlags.Result(b);
        long high = Math.BigMul(x, y, out long low);
        T result = T.CreateTruncating(low);
        overflow = high != low >> 63 || (long)LazyFlags.Result(result) != low;
        return result;
    }

    private static void Two(InstructionTable table, Code bytes2, Code bytes4, Code bytes8)
    {
        table.Add(bytes2, &ImulTwo<ushort>);
        table.Add(bytes4, &ImulTwo<uint>);
        table.Add(bytes8, &ImulTwo<ulong>);
    }

    private static void Three(InstructionTable table, Code bytes2, Code bytes4, Code bytes8)
    {
        table.Add(bytes2, &ImulThree<ushort>);
        table.Add(bytes4, &ImulThree<uint>);
        table.Add(bytes8, &ImulThree<ulong>);
    }

    private static StepStatus Mul8(CpuCore cpu, DecodedOp* op)
    {
        if (!Operands.Read0(cpu, op, out byte value))
        {
            return StepStatus.Fault;
        }

        int product = Gpr.Read<byte>(cpu.State, Gpr.Rax) * value;
        Gpr.Write(cpu.State, Gpr.Rax, (ushort)product);
        return SetFlags(cpu.State, (byte)product, product > byte.MaxValue);
    }

    private static StepStatus Mul<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        if (!Operands.Read0(cpu, op, out T value))
        {
            return StepStatus.Fault;
        }

        ulong product = ulong.CreateTruncating(Gpr.Read<T>(s, Gpr.Rax)) * ulong.CreateTruncating(value);
        T low = T.CreateTruncating(product);
        T high = T.CreateTruncating(product >> (8 * sizeof(T)));
        Gpr.Write(s, Gpr.Rax, low);
        Gpr.Write(s, Gpr.Rdx, high);
        return SetFlags(s, low, high != T.Zero);
    }

    private static StepStatus Mul64(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        if (!Operands.Read0(cpu, op, out ulong value))
        {
            return StepStatus.Fault;
        }

        ulong high = Math.BigMul(s->Gpr[Gpr.Rax], value, out ulong low);
        s->Gpr[Gpr.Rax] = low;
        s->Gpr[Gpr.Rdx] = high;
        return SetFlags(s, low, high != 0);
    }

    private static StepStatus Imul8(CpuCore cpu, DecodedOp* op)
    {
        if (!Operands.Read0(cpu, op, out byte value))
        {
            return StepStatus.Fault;
        }

        int product = (sbyte)Gpr.Read<byte>(cpu.State, Gpr.Rax) * (sbyte)value;
        Gpr.Write(cpu.State, Gpr.Rax, (ushort)product);
        return SetFlags(cpu.State, (byte)product, product != (sbyte)product);
    }

    private static StepStatus Imul<T, TSigned>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
        where TSigned : unmanaged, IBinaryInteger<TSigned>
    {
        CpuState* s = cpu.State;
        if (!Operands.Read0(cpu, op, out T value))
        {
            return StepStatus.Fault;
        }

        long product = (long)LazyFlags.Result(Gpr.Read<T>(s, Gpr.Rax)) * (long)LazyFlags.Result(value);
        T low = T.CreateTruncating(product);
        Gpr.Write(s, Gpr.Rax, low);
        Gpr.Write(s, Gpr.Rdx, T.CreateTruncating(product >> (8 * sizeof(T))));
        return SetFlags(s, low, product != long.CreateTruncating(TSigned.CreateTruncating(product)));
    }

    private static StepStatus Imul64(CpuCore cpu, DecodedOp* op)
    {
        CpuState* s = cpu.State;
        if (!Operands.Read0(cpu, op, out ulong value))
        {
            return StepStatus.Fault;
        }

        long high = Math.BigMul((long)s->Gpr[Gpr.Rax], (long)value, out long low);
        s->Gpr[Gpr.Rax] = (ulong)low;
        s->Gpr[Gpr.Rdx] = (ulong)high;
        return SetFlags(s, (ulong)low, high != low >> 63);
    }

    private static StepStatus ImulTwo<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!Operands.Read1(cpu, op, out T value))
        {
            return StepStatus.Fault;
        }

        T product = Signed(Gpr.Read<T>(cpu.State, op->R0), value, out bool overflow);
        Gpr.Write(cpu.State, op->R0, product);
        return SetFlags(cpu.State, product, overflow);
    }

    private static StepStatus ImulThree<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (!Operands.Read1(cpu, op, out T value))
        {
            return StepStatus.Fault;
        }

        T product = Signed(value, T.CreateTruncating(op->Imm), out bool overflow);
        Gpr.Write(cpu.State, op->R0, product);
        return SetFlags(cpu.State, product, overflow);
    }

    private static StepStatus SetFlags<T>(CpuState* s, T low, bool overflow)
        where T : unmanaged, IBinaryInteger<T>
    {
        ulong bit = overflow ? 1UL : 0;
        s->FlagResult = LazyFlags.Result(low);
        s->FlagAux = LazyFlags.Aux(bit, bit, 0);
        return StepStatus.Next;
    }
}
