namespace KgdbSim.Target.Kernel.DieNotifier;

/// <summary>What die notifiers are told about (arch/x86/include/asm/kdebug.h).</summary>
internal enum DieCode
{
    Oops = 1,
    Int3,
    Debug,
    Panic,
    Nmi,
    Die,
    KernelDebug,
    Trap,
    GeneralProtection,
    Call,
    PageFault,
    NmiUnknown,
}
