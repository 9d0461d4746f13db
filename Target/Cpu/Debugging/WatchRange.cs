namespace KgdbSim.Target.Cpu.Debugging;

/// <summary>Which accesses a watch is for.</summary>
[Flags]
internal enum WatchKind : byte
{
    Read = 1,
    Write = 2,
    Access = Read | Write,
}

/// <summary>A watched range of linear addresses.</summary>
/// <param name="Start">First byte.</param>
/// <param name="Last">Last byte.</param>
internal readonly record struct WatchRange(ulong Start, ulong Last, WatchKind Kind)
{
    /// <summary>The range of DRn as the processor takes it: low address bits ignored according to LEN (SDM vol. 3, 18.2.5).</summary>
    public static WatchRange FromDebugRegister(ulong address, int length, WatchKind kind)
    {
        ulong start = address & ~(ulong)(length - 1);
        return new WatchRange(start, start + (ulong)(length - 1), kind);
    }

    /// <summary>An access of <paramref name="size"/> bytes touches a watched byte in the watched way.</summary>
    public bool Hit(ulong linear, int size, WatchKind access) =>
        (Kind & access) != 0 && linear <= Last && linear + (ulong)(size - 1) >= Start;

    public bool TouchesPage(ulong page) => page <= Last && (page | 0xFFF) >= Start;
}
