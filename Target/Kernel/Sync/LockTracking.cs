using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.Lockdep;

namespace KgdbSim.Target.Kernel.Sync;

/// <summary>One lock as lockdep knows it; nothing where the kernel has no lockdep.</summary>
internal readonly struct LockTracking
{
    private readonly LockdepLink? _lockdep;
    private readonly LockClass? _class;
    private readonly ulong _address;

    /// <param name="kernel">Whose lock.</param>
    /// <param name="className">Locks of one class share it.</param>
    /// <param name="waitType">What may be waited for while it is held: <see cref="LockKey.SpinWait"/> or <see cref="LockKey.SleepWait"/>.</param>
    public LockTracking(KernelModel kernel, string className, int waitType)
    {
        _lockdep = kernel.Lockdep;
        if (_lockdep is not null)
        {
            _class = _lockdep.State.Class(new LockKey(className) { InnerWait = waitType, OuterWait = waitType });
            _address = _lockdep.NextLockAddress();
        }
    }

    /// <summary>It is about to be waited for.</summary>
    public void Acquire(KernelContext c) => _lockdep?.Acquire(c, new LockRequest(_class!, _address));

    /// <summary>It has been taken without waiting.</summary>
    public void Acquired(KernelContext c) => _lockdep?.Acquire(c, new LockRequest(_class!, _address, IsTrylock: true));

    /// <summary>It is about to be released.</summary>
    public void Release(KernelContext c) => _lockdep?.Release(c, _class!, _address);
}
