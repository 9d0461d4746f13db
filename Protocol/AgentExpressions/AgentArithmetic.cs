using System.Buffers.Binary;

namespace KgdbSim.Protocol.AgentExpressions;

/// <summary>The bytecodes that touch nothing but the stack.</summary>
internal static class AgentArithmetic
{
    private const int Bits = 64;

    /// <summary>Applies one bytecode; the verifier has made sure that the stack suffices.</summary>
    public static AgentError Apply(AgentOpcode opcode, ReadOnlySpan<byte> operand, Span<ulong> stack, ref int height)
    {
        switch (opcode)
        {
            case AgentOpcode.Const8:
                stack[height++] = operand[0];
                return AgentError.None;
            case AgentOpcode.Const16:
                stack[height++] = BinaryPrimitives.ReadUInt16BigEndian(operand);
                return AgentError.None;
            case AgentOpcode.Const32:
                stack[height++] = BinaryPrimitives.ReadUInt32BigEndian(operand);
                return AgentError.None;
            case AgentOpcode.Const64:
                stack[height++] = BinaryPrimitives.ReadUInt64BigEndian(operand);
                return AgentError.None;
            case AgentOpcode.Duplicate:
                stack[height] = stack[height - 1];
                height++;
                return AgentError.None;
            case AgentOpcode.Pick:
                stack[height] = stack[height - 1 - operand[0]];
                height++;
                return AgentError.None;
            case AgentOpcode.Pop:
                height--;
                return AgentError.None;
            case AgentOpcode.Swap:
                (stack[height - 1], stack[height - 2]) = (stack[height - 2], stack[height - 1]);
                return AgentError.None;
            case AgentOpcode.Rotate:
                (stack[height - 3], stack[height - 2], stack[height - 1]) =
                    (stack[height - 1], stack[height - 3], stack[height - 2]);
                return AgentError.None;
            case AgentOpcode.LogicalNot or AgentOpcode.BitNot or AgentOpcode.SignExtend or AgentOpcode.ZeroExtend:
                stack[height - 1] = Unary(opcode, operand, stack[height - 1]);
                return AgentError.None;
            default:
                ulong right = stack[--height];
                return Binary(opcode, right, ref stack[height - 1]);
        }
    }

    private static ulong Unary(AgentOpcode opcode, ReadOnlySpan<byte> operand, ulong value) => opcode switch
    {
        AgentOpcode.LogicalNot => value == 0 ? 1UL : 0UL,
        AgentOpcode.BitNot => ~value,
        AgentOpcode.SignExtend => (ulong)((long)(value << (Bits - operand[0])) >> (Bits - operand[0])),
        _ => value << (Bits - operand[0]) >> (Bits - operand[0]),
    };

    private static AgentError Binary(AgentOpcode opcode, ulong right, ref ulong left)
    {
        bool divides = opcode is >= AgentOpcode.DivideSigned and <= AgentOpcode.RemainderUnsigned;
        if (divides && right == 0)
        {
            return AgentError.DivisionByZero;
        }

        left = opcode switch
        {
            AgentOpcode.Add => left + right,
            AgentOpcode.Subtract => left - right,
            AgentOpcode.Multiply => left * right,

            // The quotient 2^63 does not fit: it wraps around, where C# would throw.
            AgentOpcode.DivideSigned => right == ulong.MaxValue ? 0 - left : (ulong)((long)left / (long)right),
            AgentOpcode.RemainderSigned => right == ulong.MaxValue ? 0 : (ulong)((long)left % (long)right),
            AgentOpcode.DivideUnsigned => left / right,
            AgentOpcode.RemainderUnsigned => left % right,

            // C# would take the count modulo 64; a mathematical shift moves everything out.
            AgentOpcode.ShiftLeft => right < Bits ? left << (int)right : 0,
            AgentOpcode.ShiftRightSigned => (ulong)((long)left >> (int)Math.Min(right, Bits - 1)),
            AgentOpcode.ShiftRightUnsigned => right < Bits ? left >> (int)right : 0,
            AgentOpcode.BitAnd => left & right,
            AgentOpcode.BitOr => left | right,
            AgentOpcode.BitXor => left ^ right,
            AgentOpcode.Equal => left == right ? 1UL : 0UL,
            AgentOpcode.LessSigned => (long)left < (long)right ? 1UL : 0UL,
            AgentOpcode.LessUnsigned => left < right ? 1UL : 0UL,
            _ => throw new InvalidOperationException($"{opcode} passed the verifier."),
        };
        return AgentError.None;
    }
}
