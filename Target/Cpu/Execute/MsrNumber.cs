namespace KgdbSim.Target.Cpu.Execute;

/// <summary>
/// Numbers of the model-specific registers that exist here (SDM vol. 4, chapter 2; APM vol. 2, appendix A).
/// </summary>
internal static class MsrNumber
{
    public const uint Tsc = 0x10;
    public const uint PlatformId = 0x17;
    public const uint ApicBase = 0x1B;
    public const uint FeatureControl = 0x3A;
    public const uint TscAdjust = 0x3B;
    public const uint MicrocodeRevision = 0x8B;
    public const uint MtrrCap = 0xFE;
    public const uint SysenterCs = 0x174;
    public const uint SysenterEsp = 0x175;
    public const uint SysenterEip = 0x176;
    public const uint MachineCheckCap = 0x179;
    public const uint MachineCheckStatus = 0x17A;
    public const uint MiscEnable = 0x1A0;
    public const uint DebugCtl = 0x1D9;
    public const uint Pat = 0x277;
    public const uint MtrrDefType = 0x2FF;
    public const uint TscDeadline = 0x6E0;
    public const uint X2ApicFirst = 0x800;
    public const uint X2ApicLast = 0x8FF;
    public const uint Efer = 0xC000_0080;
    public const uint Star = 0xC000_0081;
    public const uint LStar = 0xC000_0082;
    public const uint CStar = 0xC000_0083;
    public const uint SFMask = 0xC000_0084;
    public const uint FsBase = 0xC000_0100;
    public const uint GsBase = 0xC000_0101;
    public const uint KernelGsBase = 0xC000_0102;
    public const uint TscAux = 0xC000_0103;

    /// <summary>AMD: performance event selectors and counters, of which none counts.</summary>
    public const uint AmdPerformanceFirst = 0xC001_0000;

    public const uint AmdPerformanceLast = 0xC001_0007;
    public const uint AmdSysCfg = 0xC001_0010;
    public const uint AmdHwcr = 0xC001_0015;
}
