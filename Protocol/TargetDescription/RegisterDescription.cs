namespace KgdbSim.Protocol.TargetDescription;

/// <summary>One register as the debugger sees it.</summary>
/// <param name="Name">gdb's name, as in <c>$rip</c>.</param>
/// <param name="Number">Its number in <c>p</c>, <c>P</c> and stop replies, from 0 without gaps.</param>
/// <param name="BitSize">Its size, a multiple of 8.</param>
/// <param name="Type">Its type: one of gdb's own ("Predefined Target Types") or one that its feature defines.</param>
/// <param name="Group">Where <c>info registers GROUP</c> shows it; <c>null</c> lets gdb decide by type.</param>
/// <param name="Offset">Where it starts in a <c>g</c> reply, in bytes of the register file, not digits.</param>
public sealed record RegisterDescription(
    string Name, int Number, int BitSize, string Type, string? Group, int Offset)
{
    /// <summary>Its size in bytes.</summary>
    public int Size => BitSize / 8;
}
