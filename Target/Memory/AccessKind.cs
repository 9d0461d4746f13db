namespace KgdbSim.Target.Memory;

/// <summary>What a linear address is used for; the numbers are the page-fault error code's W/R and I/D bits (SDM vol. 3, 4.7).</summary>
internal enum AccessKind : byte
{
    Read = 0,
    Write = 2,
    Execute = 16,
}
