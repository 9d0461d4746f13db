namespace KgdbSim.Protocol.AgentExpressions;

/// <summary>Why an agent expression is refused, or did not come to a result.</summary>
public enum AgentError
{
    /// <summary>It is fine.</summary>
    None,

    /// <summary>Refused: no bytecode at all.</summary>
    Empty,

    /// <summary>Refused: longer than <see cref="AgentProgram.LengthMax"/>.</summary>
    TooLong,

    /// <summary>Refused: a byte that is no opcode.</summary>
    UnknownOpcode,

    /// <summary>Refused: an opcode for floating point, tracing or trace variables.</summary>
    UnsupportedOpcode,

    /// <summary>Refused: the program ends within an instruction, or runs off its end without <c>end</c>.</summary>
    Truncated,

    /// <summary>Refused: an operand out of its range, such as a sign extension from bit 0 or 65.</summary>
    BadOperand,

    /// <summary>Refused: a jump to somewhere that is not an instruction.</summary>
    BadJump,

    /// <summary>Refused: an instruction would take more from the stack than is there.</summary>
    StackUnderflow,

    /// <summary>Refused: deeper than <see cref="AgentProgram.StackMax"/>.</summary>
    StackOverflow,

    /// <summary>Refused: an instruction is reached with different stack heights.</summary>
    StackMismatch,

    /// <summary>At run time: the register does not exist or is wider than 64 bits.</summary>
    BadRegister,

    /// <summary>At run time: memory that cannot be read.</summary>
    BadMemory,

    /// <summary>At run time: division by zero.</summary>
    DivisionByZero,

    /// <summary>At run time: more instructions than allowed, so presumably an endless loop.</summary>
    TooManySteps,

    /// <summary>At run time: the stack is empty at the end, so there is no value.</summary>
    NoResult,
}
