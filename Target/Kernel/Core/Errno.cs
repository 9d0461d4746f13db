namespace KgdbSim.Target.Kernel.Core;

/// <summary>What a kernel function answers: nothing, or the negated number of an error (include/uapi/asm-generic/errno-base.h).</summary>
internal enum Errno
{
    /// <summary>0: it worked.</summary>
    None = 0,

    /// <summary>-EPERM; also the bare -1 of the debugger's forms.</summary>
    NotPermitted = -1,

    /// <summary>-ENOENT.</summary>
    NoEntry = -2,

    /// <summary>-EIO.</summary>
    InputOutput = -5,

    /// <summary>-E2BIG.</summary>
    TooBig = -7,

    /// <summary>-ENOMEM.</summary>
    NoMemory = -12,

    /// <summary>-EFAULT.</summary>
    Fault = -14,

    /// <summary>-EBUSY.</summary>
    Busy = -16,

    /// <summary>-EEXIST.</summary>
    Exists = -17,

    /// <summary>-ENODEV.</summary>
    NoDevice = -19,

    /// <summary>-EINVAL.</summary>
    Invalid = -22,

    /// <summary>-ENOSPC.</summary>
    NoSpace = -28,

    /// <summary>-ERANGE.</summary>
    OutOfRange = -34,

    /// <summary>-EOPNOTSUPP.</summary>
    NotSupported = -95,
}
