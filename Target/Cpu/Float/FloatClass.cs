namespace KgdbSim.Target.Cpu.Float;

/// <summary>What kind of datum a bit pattern is (SDM vol. 1, tables 4-3 and 8-3).</summary>
internal enum FloatClass : byte
{
    /// <summary>A zero of either sign.</summary>
    Zero,

    /// <summary>A finite number other than zero, denormal or not.</summary>
    Finite,

    /// <summary>An infinity of either sign.</summary>
    Infinity,

    /// <summary>A NaN that passes silently.</summary>
    QuietNaN,

    /// <summary>A NaN that raises IE where it is used.</summary>
    SignalingNaN,

    /// <summary>
    /// Extended format only: pseudo-NaN, pseudo-infinity or unnormal, an invalid operand since the 387.
    /// </summary>
    Unsupported,
}
