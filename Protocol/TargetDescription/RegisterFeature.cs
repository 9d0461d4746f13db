using System.Collections.Immutable;

namespace KgdbSim.Protocol.TargetDescription;

/// <summary>
/// A named group of registers of a target description: a standard one, whose contents gdb prescribes, or one of our own
/// (GDB manual, "Target Description Format", "Standard Target Features").
/// </summary>
/// <param name="Name">For example <c>org.gnu.gdb.i386.core</c>.</param>
/// <param name="Types">The types it defines for its registers.</param>
/// <param name="Registers">Its registers, in <c>g</c> packet order.</param>
/// <param name="SavedByCalls">Whether gdb saves and restores the registers around a function that it calls in the
/// program. Not for system registers: what the function did to them shall last.</param>
public sealed record RegisterFeature(
    string Name, ImmutableArray<RegisterType> Types, ImmutableArray<RegisterRow> Registers, bool SavedByCalls = true);

/// <summary>A register within its feature; <see cref="RegisterSet"/> gives it number and place.</summary>
/// <param name="Name">gdb's name.</param>
/// <param name="BitSize">Its size, a multiple of 8.</param>
/// <param name="Type">The name of its type.</param>
/// <param name="Group">Its group, or <c>null</c>.</param>
public sealed record RegisterRow(string Name, int BitSize, string Type, string? Group = null);
