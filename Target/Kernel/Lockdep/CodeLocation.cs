namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>An address in kernel text with the symbol around it, as %pS prints it.</summary>
/// <param name="Symbol">The function; empty if the address belongs to none.</param>
/// <param name="Offset">Bytes from the function's start.</param>
/// <param name="Size">Bytes of the function.</param>
/// <param name="Address">The address itself.</param>
/// <param name="IsReliable">False if the unwinder only found it on the stack: printed with "? ".</param>
internal sealed record CodeLocation(string Symbol, uint Offset, uint Size, ulong Address, bool IsReliable = true)
{
    /// <summary>"flush_thread_hw_breakpoint+0x16/0x75"; the bare address if there is no symbol.</summary>
    public string Text { get; } = Symbol.Length == 0 ? $"0x{Address:x}" : $"{Symbol}+0x{Offset:x}/0x{Size:x}";
}
