namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// A shift or rotate as pure functions of its operand, zero-extended to 64 bits, and of a count that is already masked to
/// 5 bits (6 for 64-bit operands) and not 0.
/// </summary>
internal interface IShiftOp
{
    /// <summary>A rotate: only CF and OF change.</summary>
    static abstract bool Rotates { get; }

    /// <summary>The result; what lies above the width is to be cut off.</summary>
    /// <param name="a">The operand.</param>
    /// <param name="width">Bits of the operand.</param>
    /// <param name="aux">The flags before, for CF: see <see cref="LazyFlags"/>.</param>
    static abstract ulong Value(ulong a, int count, int width, ulong aux);

    /// <summary>The second flag word after it.</summary>
    /// <param name="result">The result, cut to the width.</param>
    static abstract ulong Aux(ulong a, ulong result, int count, int width, ulong aux);
}
