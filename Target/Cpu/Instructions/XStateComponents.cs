namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>The state components of the XSAVE feature set, at their bits in XCR0 (SDM vol. 1, 13.1).</summary>
internal static unsafe class XStateComponents
{
    /// <summary>Always set in XCR0.</summary>
    public const ulong X87 = 1;

    /// <summary>The XMM registers; MXCSR goes with this one and with AVX.</summary>
    public const ulong Sse = 2;

    /// <summary>All that XCR0 can hold here; CPUID leaf 0DH reports it.</summary>
    public const ulong Supported = X87 | Sse;

    /// <summary>Bytes of a standard area with all supported components: legacy region and header.</summary>
    public const int AreaSize = FxArea.Size + 64;

    /// <summary>CPUID leaf 0DH but for its feature bits: what XCR0 can hold, and sizes (SDM vol. 2, CPUID).</summary>
    public static CpuidAnswer Describe(CpuModel model, uint subleaf)
    {
        if (!model.Has(CpuFeatures.Xsave))
        {
            return default;
        }

        return subleaf switch
        {
            0 => new CpuidAnswer { Eax = (uint)Supported, Ebx = AreaSize, Ecx = AreaSize },
            1 => new CpuidAnswer { Ebx = AreaSize },
            _ => default,
        };
    }

    /// <summary>Whether XSETBV may load this into XCR0 (SDM vol. 1, 13.3).</summary>
    public static bool IsValid(ulong xcr0) => (xcr0 & X87) != 0 && (xcr0 & ~Supported) == 0;

    /// <summary>The components that are not in their initial configuration (SDM vol. 1, 13.6).</summary>
    public static ulong InUse(CpuState* s, bool mode64) =>
        (IsX87Initial(s) ? 0 : X87) | (IsSseInitial(s, mode64) ? 0 : Sse);

    /// <summary>What FNINIT leaves, and zeros in the registers.</summary>
    public static void InitialiseX87(CpuState* s)
    {
        s->Fcw = X87Bits.ControlInitial;
        s->Fsw = 0;
        s->Ftw = 0;
        s->Fop = s->Fcs = s->Fds = 0;
        s->Fip = s->Fdp = 0;
        new Span<ulong>(s->X87, 16).Clear();
    }

    /// <summary>Zeros in the XMM registers that the mode has; MXCSR stays.</summary>
    public static void InitialiseSse(CpuState* s, bool mode64)
    {
        for (int i = 0; i < RegisterCount(mode64); i++)
        {
            *SseAccess.Xmm(s, i) = default;
        }
    }

    private static int RegisterCount(bool mode64) => mode64 ? 16 : 8;

    private static bool IsX87Initial(CpuState* s) =>
        s->Fcw == X87Bits.ControlInitial && s->Fsw == 0 && s->Ftw == 0
        && (s->Fop | s->Fcs | s->Fds) == 0 && (s->Fip | s->Fdp) == 0
        && !new ReadOnlySpan<ulong>(s->X87, 16).ContainsAnyExcept(0ul);

    private static bool IsSseInitial(CpuState* s, bool mode64)
    {
        for (int i = 0; i < RegisterCount(mode64); i++)
        {
            if (*SseAccess.Xmm(s, i) != default)
            {
                return false;
            }
        }

        return true;
    }
}
