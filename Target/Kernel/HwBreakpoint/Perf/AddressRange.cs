namespace KgdbSim.Target.Kernel.HwBreakpoint.Perf;

/// <summary>Addresses where a breakpoint could stop the kernel inside its own handling of breakpoints.</summary>
/// <param name="Name">Whose they are: "CPU entry area", "cpu_dr7 of CPU 1".</param>
/// <param name="Start">The first.</param>
/// <param name="Length">How many, at least 1.</param>
internal readonly record struct AddressRange(string Name, ulong Start, ulong Length)
{
    /// <summary>Whether [<paramref name="first"/>, <paramref name="last"/>] has an address in common with it.</summary>
    public bool Overlaps(ulong first, ulong last) => first <= Start + (Length - 1) && last >= Start;
}
