namespace KgdbSim.Target.Kernel.Core;

/// <summary>How one instruction of kernel text went.</summary>
/// <param name="Version">Which of the site's versions was executed, from 0; -1: an int3 was, and its handler chose where to go on.</param>
/// <param name="Ip">Where execution goes on.</param>
internal readonly record struct ExecutedInstruction(int Version, ulong Ip)
{
    /// <summary>An int3 was executed, its handler moved on from the site.</summary>
    public bool WasTrapped => Version < 0;
}
