namespace KgdbSim.Stub.Tests.Fakes;

internal enum DeedKind
{
    Nothing,
    Store,
    Load,
    Exit,
    Halt,
    Shutdown,
    Print,

    /// <summary>The simulator itself fails.</summary>
    Bug,
}

/// <summary>What a fake instruction does; the argument is an address, an exit code or a character.</summary>
internal readonly record struct Deed(DeedKind Kind, ulong Argument = 0);
