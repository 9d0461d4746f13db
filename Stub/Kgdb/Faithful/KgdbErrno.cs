using KgdbSim.Target.Kernel.Core;

namespace KgdbSim.Stub.Kgdb.Faithful;

/// <summary>
/// The modelled kernel's error numbers as its stub has them, which reach a debugger as <c>E</c> and two digits
/// (include/uapi/asm-generic/errno-base.h@6.1).
/// </summary>
internal static class KgdbErrno
{
    /// <summary>What an x86 hardware breakpoint operation gives for every failure: the reply is <c>E01</c>.</summary>
    public const int Permission = (int)Errno.NotPermitted;

    public const int NoEntry = (int)Errno.NoEntry;
    public const int TooBig = (int)Errno.TooBig;
    public const int Fault = (int)Errno.Fault;
    public const int Busy = (int)Errno.Busy;
    public const int Exists = (int)Errno.Exists;
    public const int Invalid = (int)Errno.Invalid;
    public const int Range = (int)Errno.OutOfRange;

    /// <summary>Not the kernel's: the operation panicked inside, so its caller never hears of it again.</summary>
    public const int NeverReturned = int.MinValue;
}
