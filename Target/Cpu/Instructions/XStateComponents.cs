namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>The state components of the XSAVE feature set, at their bits in XCR0 (SDM vol. 1, 13.1).</summary>
internal static unsafe class XStateComponents
{
    /// <summary>Always set in XCR0.</summary>
    public const ulong X87 = 1;

    /// <summary>The XMM registers; MXCSR goes with this one and with AVX.</summary>
    public const ulong Sse = 2;

    /// <summary>The upper halves of the YMM registers.</summary>
    public const ulong Avx = 4;

    /// <summary>Where the upper halves of the YMM registers lie in an area, compacted or not.</summary>
    public const int AvxOffset = FxArea.Size + 64;

    private const int AvxSize = 256;

    /// <summary>All that a model's XCR0 can hold.</summary>
    public static ulong Supported(CpuModel model) => X87 | Sse | (model.Has(CpuFeatures.Avx) ? Avx : 0);

    /// <summary>Bytes of an area with these components: legacy region, header and what follows.</summary>
    public static int AreaSize(ulong components) => AvxOffset + ((components & Avx) != 0 ? AvxSize : 0);

    /// <summary>CPUID leaf 0DH but for its feature bits: what XCR0 can hold, and sizes (SDM vol. 2, CPUID).</summary>
    public static CpuidAnswer Describe(CpuModel model, ulong xcr0, uint subleaf)
    {
        ulong supported = Supported(model);
        if (!model.Has(CpuFeatures.Xsave))
        {
            return default;
        }

        return subleaf switch
        {
            0 => new CpuidAnswer
            {
                Eax = (uint)supported, Ebx = (uint)AreaSize(xcr0), Ecx = (uint)AreaSize(supported),
            },
            1 => new CpuidAnswer { Ebx = (uint)AreaSize(xcr0) },
            2 when (supported & Avx) != 0 => new CpuidAnswer { Eax = AvxSize, Ebx = AvxOffset },
            _ => default,
        };
    }

    /// <summary>Whether XSETBV may load this into XCR0 (SDM vol. 1, 13.3).</summary>
    public static bool IsValid(CpuModel model, ulong xcr0) =>
        (xcr0 & X87) != 0 && (xcr0 & ~Supported(model)) == 0 && (xcr0 & (Sse | Avx)) != Avx;

    /// <summary>The components that are not in their initial configuration (SDM vol. 1, 13.6).</summary>
    public static ulong InUse(CpuState* s, bool mode64) =>
        (IsX87Initial(s) ? 0 : X87) | (AreZero(s, 0, mode64) ? 0 : Sse) | (AreZero(s, 1, mode64) ? 0 : Avx);

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
    public static void InitialiseSse(CpuState* s, bool mode64) => Clear(s, 0, mode64);

    /// <summary>Zeros in the upper halves of the YMM registers that the mode has.</summary>
    public static void InitialiseAvx(CpuState* s, bool mode64) => Clear(s, 1, mode64);

    private static int RegisterCount(bool mode64) => mode64 ? 16 : 8;

    private static bool IsX87Initial(CpuState* s) =>
        s->Fcw == X87Bits.ControlInitial && s->Fsw == 0 && s->Ftw == 0
        && (s->Fop | s->Fcs | s->Fds) == 0 && (s->Fip | s->Fdp) == 0
        && !new ReadOnlySpan<ulong>(s->X87, 16).ContainsAnyExcept(0ul);

    private static void Clear(CpuState* s, int half, bool mode64)
    {
        for (int i = 0; i < RegisterCount(mode64); i++)
        {
            SseAccess.Xmm(s, i)[half] = default;
        }
    }

    private static bool AreZero(CpuState* s, int half, bool mode64)
    {
        for (int i = 0; i < RegisterCount(mode64); i++)
        {
            if (SseAccess.Xmm(s, i)[half] != default)
            {
                return false;
            }
        }

        return true;
    }
}
