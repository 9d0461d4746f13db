using System.Collections.Immutable;

namespace KgdbSim.Protocol.TargetDescription;

/// <summary>A type that a feature defines (GDB manual, "Target Description Format", "Types").</summary>
/// <param name="Id">Its name.</param>
public abstract record RegisterType(string Id);

/// <summary>A register made of bits: gdb prints the names of those set, and the values of wider fields.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Size">Its size in bytes: 4 or 8.</param>
/// <param name="Fields">The fields, lowest first. An empty name hides the bit.</param>
public sealed record FlagsType(string Id, int Size, ImmutableArray<BitField> Fields) : RegisterType(Id);

/// <summary>Some bits of a register.</summary>
/// <param name="Name">The manual's name.</param>
/// <param name="Start">The lowest bit.</param>
/// <param name="End">The highest bit, included.</param>
public readonly record struct BitField(string Name, int Start, int End)
{
    /// <summary>A field of one bit.</summary>
    public BitField(string name, int bit)
        : this(name, bit, bit)
    {
    }
}

/// <summary>A vector of equal elements.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Element">The type of an element.</param>
/// <param name="Count">How many.</param>
public sealed record VectorType(string Id, string Element, int Count) : RegisterType(Id);

/// <summary>The same bits seen in several ways.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Members">Name and type of each way.</param>
public sealed record UnionType(string Id, ImmutableArray<(string Name, string Type)> Members) : RegisterType(Id);
