using Iced.Intel;

namespace KgdbSim.Differential.Tests.Generation;

/// <summary>Instructions whose outcome on the host says nothing, and why.</summary>
internal static class Exclusions
{
    /// <summary>Why the instruction is left out, or null.</summary>
    public static string? Reason(in Instruction instruction) => instruction.Code switch
    {
        Code.Int_imm8 when instruction.Immediate8 == 0x80 => "a system call",
        _ => Reason(instruction.Code),
    };

    /// <summary>Why the encoding is left out, or null.</summary>
    public static string? Reason(Code code) => code == Code.Popw_CS ? "the 8086's alone"
        : code.CpuidFeatures().Any(IsVirtualization)
        ? "a hypervisor may intercept it"
        : Reason(code.Mnemonic());

    private static bool IsVirtualization(CpuidFeature feature) => feature is CpuidFeature.SVM or CpuidFeature.SKINIT_or_SVM
        or CpuidFeature.SEV_ES or CpuidFeature.SEV_SNP or CpuidFeature.VMX or CpuidFeature.INVEPT or CpuidFeature.INVVPID;

    private static string? Reason(Mnemonic mnemonic) => mnemonic switch
    {
        Mnemonic.Cpuid or Mnemonic.Xgetbv => "says what the processor is",
        Mnemonic.Rdtsc or Mnemonic.Rdtscp or Mnemonic.Rdpmc or Mnemonic.Rdpru or Mnemonic.Rdpid
            or Mnemonic.Rdrand or Mnemonic.Rdseed => "never the same twice",
        Mnemonic.Syscall or Mnemonic.Sysenter => "a system call",
        Mnemonic.Sgdt or Mnemonic.Sidt or Mnemonic.Sldt or Mnemonic.Str or Mnemonic.Smsw =>
            "Linux emulates it (arch/x86/kernel/umip.c)",
        Mnemonic.Int1 => "a hypervisor may report it at another RIP",
        Mnemonic.Xsave or Mnemonic.Xsave64 or Mnemonic.Xsaveopt or Mnemonic.Xsaveopt64 or Mnemonic.Xsavec or Mnemonic.Xsavec64
            or Mnemonic.Xrstor or Mnemonic.Xrstor64 => "goes by XCR0, which is the host's",
        Mnemonic.Rcpps or Mnemonic.Rcpss or Mnemonic.Rsqrtps or Mnemonic.Rsqrtss
            or Mnemonic.Vrcpps or Mnemonic.Vrcpss or Mnemonic.Vrsqrtps or Mnemonic.Vrsqrtss =>
            "an approximation, of which only the error is bounded (SDM vol. 2, RCPPS)",
        Mnemonic.F2xm1 or Mnemonic.Fyl2x or Mnemonic.Fyl2xp1 or Mnemonic.Fsin or Mnemonic.Fcos or Mnemonic.Fsincos
            or Mnemonic.Fptan or Mnemonic.Fpatan => "transcendental: the last bit is the implementation's (SDM vol. 1, 8.3.10)",
        _ => null,
    };
}
