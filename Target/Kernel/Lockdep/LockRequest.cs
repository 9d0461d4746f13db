namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>One acquisition: the arguments of lock_acquire().</summary>
/// <param name="Class">The lock's class.</param>
/// <param name="Address">The lock itself; a class's locks differ in it.</param>
/// <param name="Access">How it is taken.</param>
/// <param name="IsTrylock">Whether it was taken without waiting: it then makes no dependency and no usage "in interrupt".</param>
internal readonly record struct LockRequest(LockClass Class, ulong Address, LockAccess Access = LockAccess.Write, bool IsTrylock = false);
