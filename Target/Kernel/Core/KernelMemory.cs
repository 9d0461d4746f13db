namespace KgdbSim.Target.Kernel.Core;

/// <summary>
/// Memory as a debugger inside the kernel reaches it: a byte at a time, never faulting, never waiting for a lock. Each access is
/// a step.
/// </summary>
internal abstract class KernelMemory
{
    /// <summary>copy_from_kernel_nofault() of one byte.</summary>
    /// <returns>
    /// 0 to 255; a negative <see cref="Errno"/>: <see cref="Errno.OutOfRange"/> outside the kernel's half, <see cref="Errno.Fault"/>
    /// where nothing is mapped.
    /// </returns>
    public abstract ValueTask<int> Read(KernelContext c, ulong address);

    /// <summary>copy_to_kernel_nofault(): <see cref="Errno.Fault"/> where a store of the kernel's would fault, read-only text included.</summary>
    public abstract ValueTask<Errno> Write(KernelContext c, ulong address, byte value);

    /// <summary>
    /// text_poke_kgdb(): writes through the alias of read-only text. <see cref="Errno.Busy"/> while text_mutex is held: the holder
    /// may be stopped, so nobody waits for it (arch/x86/kernel/kgdb.c: kgdb_arch_set_breakpoint@6.1).
    /// </summary>
    public abstract ValueTask<Errno> Poke(KernelContext c, ulong address, byte value);

    /// <summary>Whether the kprobe blocklist holds the address (within_kprobe_blacklist).</summary>
    public virtual bool IsBlocklisted(ulong address) => false;
}
