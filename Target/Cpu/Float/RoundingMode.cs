namespace KgdbSim.Target.Cpu.Float;

/// <summary>
/// How an inexact result is fitted into its format. The values are the RC field of the x87 control word and of MXCSR
/// and the immediate of ROUNDPS and its kin (SDM vol. 1, table 4-8).
/// </summary>
internal enum RoundingMode : byte
{
    /// <summary>To the nearest representable value, a tie to the one whose last bit is 0.</summary>
    NearestEven = 0,

    /// <summary>Towards minus infinity.</summary>
    Down = 1,

    /// <summary>Towards plus infinity.</summary>
    Up = 2,

    /// <summary>Towards zero.</summary>
    TowardZero = 3,
}
