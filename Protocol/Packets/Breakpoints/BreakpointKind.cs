namespace KgdbSim.Protocol.Packets;

/// <summary>The type digit of <c>Z</c> and <c>z</c> packets.</summary>
public enum BreakpointKind
{
    /// <summary><c>Z0</c>: software breakpoint.</summary>
    Software = 0,

    /// <summary><c>Z1</c>: hardware breakpoint.</summary>
    Hardware = 1,

    /// <summary><c>Z2</c>: write watchpoint.</summary>
    WriteWatch = 2,

    /// <summary><c>Z3</c>: read watchpoint.</summary>
    ReadWatch = 3,

    /// <summary><c>Z4</c>: access watchpoint.</summary>
    AccessWatch = 4,
}
