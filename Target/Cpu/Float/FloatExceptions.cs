namespace KgdbSim.Target.Cpu.Float;

/// <summary>
/// The six numeric exceptions, each at the bit it has in the x87 status and control words and in MXCSR's flags
/// (SDM vol. 1, sections 4.9, 8.1.3 and 10.2.3).
/// </summary>
[Flags]
internal enum FloatExceptions : byte
{
    /// <summary>Nothing happened.</summary>
    None = 0,

    /// <summary>
    /// IE: no meaningful result (a signalling NaN, infinity minus infinity, an integer out of range).
    /// </summary>
    Invalid = 1,

    /// <summary>DE: an operand was denormal.</summary>
    Denormal = 2,

    /// <summary>ZE: an exact infinity from finite operands.</summary>
    DivideByZero = 4,

    /// <summary>OE: the rounded result exceeds the largest finite number.</summary>
    Overflow = 8,

    /// <summary>UE: the result is tiny and, if the exception is masked, also inexact.</summary>
    Underflow = 16,

    /// <summary>PE: the result is not exact.</summary>
    Precision = 32,

    /// <summary>Those found by looking at the operands: unmasked, they leave the destination alone.</summary>
    BeforeResult = Invalid | Denormal | DivideByZero,

    /// <summary>All six.</summary>
    All = 63,
}
