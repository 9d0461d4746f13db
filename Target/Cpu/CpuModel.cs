namespace KgdbSim.Target.Cpu;

/// <summary>Whose documented peculiarities a processor has.</summary>
internal enum CpuVendor
{
    Intel,
    Amd,
}

/// <summary>What kind of processor is simulated: what CPUID tells and where the vendors differ.</summary>
/// <param name="Name">The name for <c>--cpu</c>.</param>
/// <param name="Vendor">Decides the documented vendor differences.</param>
internal sealed record CpuModel(string Name, CpuVendor Vendor)
{
    /// <summary>The default.</summary>
    public static CpuModel Default { get; } = new("intel", CpuVendor.Intel);

    /// <summary>Linear address 57 bits wide when CR4.LA57 is set: advertised.</summary>
    public bool La57 { get; init; } = true;
}
