namespace KgdbSim.Differential.Tests.Snippets;

/// <summary>How a snippet's run came to its end.</summary>
internal enum Ending : byte
{
    /// <summary>By an exception; running into the INT3 behind the snippet is one too.</summary>
    Exception,

    /// <summary>Not at all within the bound.</summary>
    Endless,

    /// <summary>A system call instruction.</summary>
    SystemCall,
}

/// <summary>The state that a snippet ended in. One object is filled again and again.</summary>
internal sealed class Outcome
{
    public Ending Ending;

    /// <summary>Exception vector.</summary>
    public int Trap;

    /// <summary>The error code; 0 where the exception has none.</summary>
    public uint Error;

    /// <summary>For a page fault.</summary>
    public ulong Cr2;

    /// <summary>Registers; RIP and RFLAGS are those pushed.</summary>
    public MachineState State;

    /// <summary>The data pages.</summary>
    public readonly byte[] Memory = new byte[Layout.DataBytes];
}
