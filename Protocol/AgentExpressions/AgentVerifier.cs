using System.Buffers.Binary;

namespace KgdbSim.Protocol.AgentExpressions;

/// <summary>
/// Follows every path through a program before it may run: all instructions known and complete, jumps to instructions
/// only, and one stack height for each instruction, within bounds.
/// </summary>
internal static class AgentVerifier
{
    private const short NotReached = -1;

    /// <summary>Verifies a program.</summary>
    public static AgentError Verify(ReadOnlySpan<byte> code, out int stackHeightMax)
    {
        stackHeightMax = 0;
        if (code.IsEmpty)
        {
            return AgentError.Empty;
        }

        if (code.Length > AgentProgram.LengthMax)
        {
            return AgentError.TooLong;
        }

        bool[] starts = new bool[code.Length];
        AgentError error = FindInstructions(code, starts);
        return error != AgentError.None ? error : FollowPaths(code, starts, out stackHeightMax);
    }

    private static AgentError FindInstructions(ReadOnlySpan<byte> code, bool[] starts)
    {
        for (int position = 0; position < code.Length;)
        {
            if (AgentOpcodeTable.Find(code[position]) is not { } info)
            {
                return AgentError.UnknownOpcode;
            }

            if (!info.IsSupported)
            {
                return AgentError.UnsupportedOpcode;
            }

            starts[position] = true;
            position += AgentOpcodeTable.LengthOf(code[position]);
            if (position > code.Length)
            {
                return AgentError.Truncated;
            }
        }

        return AgentError.None;
    }

    private static AgentError FollowPaths(ReadOnlySpan<byte> code, bool[] starts, out int stackHeightMax)
    {
        short[] heights = new short[code.Length];
        Array.Fill(heights, NotReached);
        var pending = new Stack<int>();
        heights[0] = 0;
        pending.Push(0);
        stackHeightMax = 0;
        while (pending.TryPop(out int position))
        {
            AgentError error = Step(code, position, heights[position], out Effect effect);
            stackHeightMax = Math.Max(stackHeightMax, effect.Height);
            if (error == AgentError.None && effect.Next >= 0)
            {
                error = Reach(effect.Next, effect.Height, AgentError.Truncated);
            }

            if (error == AgentError.None && effect.Target >= 0)
            {
                error = Reach(effect.Target, effect.Height, AgentError.BadJump);
            }

            if (error != AgentError.None)
            {
                return error;
            }
        }

        return AgentError.None;

        AgentError Reach(int target, int height, AgentError outside)
        {
            if (target >= starts.Length || !starts[target])
            {
                return outside;
            }

            if (heights[target] == NotReached)
            {
                heights[target] = (short)height;
                pending.Push(target);
            }

            return heights[target] == height ? AgentError.None : AgentError.StackMismatch;
        }
    }

    private static AgentError Step(ReadOnlySpan<byte> code, int position, int height, out Effect effect)
    {
        AgentOpcodeInfo info = AgentOpcodeTable.Find(code[position])!.Value;
        ReadOnlySpan<byte> operand = code.Slice(position + 1, info.OperandSize);
        var opcode = (AgentOpcode)code[position];

        // What pick copies must be there, and stays.
        int consumed = opcode == AgentOpcode.Pick ? operand[0] + 1 : info.Consumed;
        int produced = opcode == AgentOpcode.Pick ? consumed + 1 : info.Produced;
        int after = height - consumed + produced;
        effect = new Effect(after, position + 1 + info.OperandSize, -1);
        switch (opcode)
        {
            case AgentOpcode.End:
                effect = effect with { Next = -1 };
                break;
            case AgentOpcode.Goto:
                effect = new Effect(after, -1, BinaryPrimitives.ReadUInt16BigEndian(operand));
                break;
            case AgentOpcode.GotoIf:
                effect = effect with { Target = BinaryPrimitives.ReadUInt16BigEndian(operand) };
                break;
            case AgentOpcode.SignExtend or AgentOpcode.ZeroExtend when operand[0] is 0 or > 64:
                return AgentError.BadOperand;
        }

        return height < consumed ? AgentError.StackUnderflow
            : after > AgentProgram.StackMax ? AgentError.StackOverflow
            : AgentError.None;
    }

    /// <summary>Where an instruction leads.</summary>
    /// <param name="Height">The stack behind it.</param>
    /// <param name="Next">The instruction behind it, or -1.</param>
    /// <param name="Target">Where it jumps to, or -1.</param>
    private readonly record struct Effect(int Height, int Next, int Target);
}
