namespace KgdbSim.Target.Cpu.Float;

/// <summary>
/// How two data compare; the values fit the x87 condition codes and the flags of COMISS in that order.
/// </summary>
internal enum FloatRelation : byte
{
    /// <summary>The first is greater.</summary>
    Greater,

    /// <summary>The first is less.</summary>
    Less,

    /// <summary>Both are the same number; zeros are equal whatever their signs.</summary>
    Equal,

    /// <summary>At least one is a NaN (or, on the x87, unsupported).</summary>
    Unordered,
}
