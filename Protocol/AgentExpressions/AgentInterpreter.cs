using System.Buffers.Binary;

namespace KgdbSim.Protocol.AgentExpressions;

/// <summary>
/// Runs verified programs. Values are 64 bits wide and wrap around; memory is little-endian (GDB manual, "Bytecode
/// Descriptions"). It allocates nothing.
/// </summary>
public static class AgentInterpreter
{
    /// <summary>
    /// How many instructions a run may take unless told otherwise: more than any expression without loop.
    /// </summary>
    public const int DefaultStepsMax = AgentProgram.LengthMax;

    /// <summary>Evaluates an expression.</summary>
    /// <param name="program">The program.</param>
    /// <param name="context">What it reads.</param>
    /// <param name="stepsMax">How many instructions it may take.</param>
    /// <param name="value">The value on top of the stack at the end.</param>
    /// <returns>Why there is no value, or <see cref="AgentError.None"/>.</returns>
    public static AgentError Evaluate<TContext>(
        AgentProgram program, scoped ref TContext context, int stepsMax, out ulong value)
        where TContext : IAgentContext, allows ref struct
    {
        Span<ulong> stack = stackalloc ulong[AgentProgram.StackMax];
        AgentError error = Run(program, ref context, stepsMax, stack, out int height);
        value = height > 0 ? stack[height - 1] : 0;
        return error == AgentError.None && height == 0 ? AgentError.NoResult : error;
    }

    private static AgentError Run<TContext>(
        AgentProgram program, scoped ref TContext context, int stepsMax, scoped Span<ulong> stack, out int height)
        where TContext : IAgentContext, allows ref struct
    {
        ReadOnlySpan<byte> code = program.Code.AsSpan();
        int position = 0;
        height = 0;
        for (int step = 0; step < stepsMax; step++)
        {
            var opcode = (AgentOpcode)code[position];
            ReadOnlySpan<byte> operand = code[(position + 1)..];
            AgentError error = AgentError.None;
            switch (opcode)
            {
                case AgentOpcode.End:
                    return AgentError.None;
                case AgentOpcode.Goto:
                    position = BinaryPrimitives.ReadUInt16BigEndian(operand);
                    continue;
                case AgentOpcode.GotoIf:
                    bool taken = stack[--height] != 0;
                    position = taken ? BinaryPrimitives.ReadUInt16BigEndian(operand) : position + 3;
                    continue;
                case AgentOpcode.Register:
                    int number = BinaryPrimitives.ReadUInt16BigEndian(operand);
                    error = context.TryReadRegister(number, out stack[height++])
                        ? AgentError.None : AgentError.BadRegister;
                    break;
                case AgentOpcode.Load8 or AgentOpcode.Load16 or AgentOpcode.Load32 or AgentOpcode.Load64:
                    error = Load(ref context, 1 << (opcode - AgentOpcode.Load8), ref stack[height - 1]);
                    break;
                default:
                    error = AgentArithmetic.Apply(opcode, operand, stack, ref height);
                    break;
            }

            if (error != AgentError.None)
            {
                return error;
            }

            position += AgentOpcodeTable.LengthOf(code[position]);
        }

        return AgentError.TooManySteps;
    }

    private static AgentError Load<TContext>(scoped ref TContext context, int size, ref ulong top)
        where TContext : IAgentContext, allows ref struct
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        if (!context.TryReadMemory(top, bytes[..size]))
        {
            return AgentError.BadMemory;
        }

        top = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return AgentError.None;
    }
}
