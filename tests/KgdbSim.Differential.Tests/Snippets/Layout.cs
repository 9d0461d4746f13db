namespace KgdbSim.Differential.Tests.Snippets;

/// <summary>The linear addresses that a snippet can reach, the same on the host and in the simulator.</summary>
internal static class Layout
{
    public const ulong Code = 0x4000_0000;
    public const ulong CodeBytes = 0x2000;

    /// <summary>Two writable pages, a hole of one page, and a read-only page.</summary>
    public const ulong Data = 0x5000_0000;
    public const int DataBytes = 0x4000;
    public const ulong HoleOffset = 0x2000;
    public const ulong ReadOnlyOffset = 0x3000;
    public const int Page = 0x1000;

    /// <summary>What stands everywhere in the code pages where the snippet doesn't: INT3.</summary>
    public const byte Filler = 0xCC;

    /// <summary>Most bytes of a snippet, as much as a vector record takes.</summary>
    public const int SnippetMax = 64;

    /// <summary>Most bytes of the memory window.</summary>
    public const int WindowMax = 256;
}
