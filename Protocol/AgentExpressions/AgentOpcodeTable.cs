namespace KgdbSim.Protocol.AgentExpressions;

/// <summary>What the verifier needs to know about a bytecode.</summary>
/// <param name="Name">The manual's name.</param>
/// <param name="OperandSize">Bytes that follow the opcode.</param>
/// <param name="Consumed">Values it needs on the stack.</param>
/// <param name="Produced">Values it leaves in their place.</param>
/// <param name="IsSupported">Whether it can be run here. Floating point, tracing, trace variables and printing cannot:
/// gdb does not put them into conditions.</param>
internal readonly record struct AgentOpcodeInfo(
    string Name, int OperandSize, int Consumed, int Produced, bool IsSupported);

/// <summary>
/// All bytecodes of the manual, one row each (<c>gdbsupport/ax.def</c> of gdb 13 has the same numbers).
/// </summary>
internal static class AgentOpcodeTable
{
    private const int Unsupported = -1;

    private static readonly (byte Code, string Name, int OperandSize, int Consumed, int Produced)[] Rows =
    [
        (0x01, "float", 0, Unsupported, 0),
        (0x02, "add", 0, 2, 1),
        (0x03, "sub", 0, 2, 1),
        (0x04, "mul", 0, 2, 1),
        (0x05, "div_signed", 0, 2, 1),
        (0x06, "div_unsigned", 0, 2, 1),
        (0x07, "rem_signed", 0, 2, 1),
        (0x08, "rem_unsigned", 0, 2, 1),
        (0x09, "lsh", 0, 2, 1),
        (0x0A, "rsh_signed", 0, 2, 1),
        (0x0B, "rsh_unsigned", 0, 2, 1),
        (0x0C, "trace", 0, Unsupported, 0),
        (0x0D, "trace_quick", 1, Unsupported, 0),
        (0x0E, "log_not", 0, 1, 1),
        (0x0F, "bit_and", 0, 2, 1),
        (0x10, "bit_or", 0, 2, 1),
        (0x11, "bit_xor", 0, 2, 1),
        (0x12, "bit_not", 0, 1, 1),
        (0x13, "equal", 0, 2, 1),
        (0x14, "less_signed", 0, 2, 1),
        (0x15, "less_unsigned", 0, 2, 1),
        (0x16, "ext", 1, 1, 1),
        (0x17, "ref8", 0, 1, 1),
        (0x18, "ref16", 0, 1, 1),
        (0x19, "ref32", 0, 1, 1),
        (0x1A, "ref64", 0, 1, 1),
        (0x1B, "ref_float", 0, Unsupported, 0),
        (0x1C, "ref_double", 0, Unsupported, 0),
        (0x1D, "ref_long_double", 0, Unsupported, 0),
        (0x1E, "l_to_d", 0, Unsupported, 0),
        (0x1F, "d_to_l", 0, Unsupported, 0),
        (0x20, "if_goto", 2, 1, 0),
        (0x21, "goto", 2, 0, 0),
        (0x22, "const8", 1, 0, 1),
        (0x23, "const16", 2, 0, 1),
        (0x24, "const32", 4, 0, 1),
        (0x25, "const64", 8, 0, 1),
        (0x26, "reg", 2, 0, 1),
        (0x27, "end", 0, 0, 0),
        (0x28, "dup", 0, 1, 2),
        (0x29, "pop", 0, 1, 0),
        (0x2A, "zero_ext", 1, 1, 1),
        (0x2B, "swap", 0, 2, 2),
        (0x2C, "getv", 2, Unsupported, 0),
        (0x2D, "setv", 2, Unsupported, 0),
        (0x2E, "tracev", 2, Unsupported, 0),
        (0x2F, "tracenz", 0, Unsupported, 0),
        (0x30, "trace16", 2, Unsupported, 0),
        (0x32, "pick", 1, 0, 1),
        (0x33, "rot", 0, 3, 3),
        (0x34, "printf", 3, Unsupported, 0),
    ];

    private static readonly AgentOpcodeInfo?[] ByCode = Index();

    private static readonly byte[] Lengths =
        [.. ByCode.Select(static info => info is { } known ? (byte)(1 + known.OperandSize) : (byte)0)];

    /// <summary>The row of an opcode, or <c>null</c> if the manual has no such opcode.</summary>
    public static AgentOpcodeInfo? Find(byte code) => ByCode[code];

    /// <summary>Length of the instruction with a known opcode, in bytes.</summary>
    public static int LengthOf(byte code) => Lengths[code];

    private static AgentOpcodeInfo?[] Index()
    {
        var byCode = new AgentOpcodeInfo?[byte.MaxValue + 1];
        foreach ((byte code, string name, int operandSize, int consumed, int produced) in Rows)
        {
            bool supported = consumed != Unsupported;
            byCode[code] = new AgentOpcodeInfo(name, operandSize, supported ? consumed : 0, produced, supported);
        }

        return byCode;
    }
}
