namespace KgdbSim.Stub.Kgdb.Faithful;

/// <summary>The kernel's error numbers, which reach a debugger as <c>E</c> and two digits (include/uapi/asm-generic/errno-base.h@6.1).</summary>
internal static class KgdbErrno
{
    /// <summary>What an x86 hardware breakpoint operation gives for every failure: the reply is <c>E01</c>.</summary>
    public const int Permission = -1;

    public const int NoEntry = -2;
    public const int TooBig = -7;
    public const int Fault = -14;
    public const int Busy = -16;
    public const int Exists = -17;
    public const int Invalid = -22;
    public const int Range = -34;

    /// <summary>Not the kernel's: the operation panicked inside, so its caller never hears of it again.</summary>
    public const int NeverReturned = int.MinValue;
}
