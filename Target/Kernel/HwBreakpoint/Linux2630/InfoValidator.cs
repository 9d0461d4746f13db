using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;

/// <summary>
/// arch_validate_hwbkpt_settings() of June 2009 (commits 62a038d34db2, 08d68323d1f0): what may be asked for, and which error is
/// seen first.
/// </summary>
internal sealed class InfoValidator
{
    private const byte Execute = 0x80;
    private const byte Write = 0x81;
    private const byte ReadWrite = 0x83;

    /// <summary>TASK_SIZE: the first address user mode can't have.</summary>
    public ulong TaskSize { get; init; } = 0x7FFF_FFFF_F000;

    /// <summary>
    /// The kernel's addresses aren't above <see cref="TaskSize"/> only: all of a simulated machine's guest is code and data of the kernel as
    /// well as of the task that a modelled kernel sees in it.
    /// </summary>
    public bool HasLowKernel { get; init; }

    /// <summary>
    /// What is no address of anything. The code of 2009 has no such list; it took a user's addresses for the kernel's if they were above
    /// <see cref="TaskSize"/>.
    /// </summary>
    public IReadOnlyList<AddressRange> Forbidden { get; init; } = [];

    /// <summary>kallsyms_lookup_name(): 0 if there is no such symbol.</summary>
    public Func<string, ulong> Lookup { get; init; } = static _ => 0;

    /// <summary>Judges a request.</summary>
    /// <param name="info">Its address is filled in if a symbol was given.</param>
    /// <param name="isForThread">It is a thread's; else the kernel's.</param>
    /// <param name="hasCallback">Somebody wants to be called.</param>
    public Errno Validate(ref BreakpointInfo info, bool isForThread, bool hasCallback)
    {
        // The type: an instruction breakpoint in the kernel has length code 0x40, one in user space any.
        bool isKnown = info.TypeCode is Write or ReadWrite
            || info.TypeCode == Execute && ((IsInUserSpace(info) && (isForThread || !HasLowKernel)) || info.LengthCode == 0x40);
        if (!isKnown || info.Length == 0)
        {
            return Errno.Invalid;
        }

        // Without a callback the address isn't even looked at: what is returned is still -EINVAL.
        if (!hasCallback || !Resolve(ref info, isForThread))
        {
            return Errno.Invalid;
        }

        if ((info.Address & (ulong)(info.Length - 1)) != 0)
        {
            return Errno.Invalid;
        }

        (ulong first, ulong last) = (info.Address, info.Address + (ulong)info.Length - 1);
        if (Forbidden.Any(range => range.Overlaps(first, last)))
        {
            return Errno.Fault;
        }

        return (isForThread ? IsInUserSpace(info) : IsInKernelSpace(info)) ? Errno.None : Errno.Fault;
    }

    /// <summary>arch_check_va_in_userspace().</summary>
    public bool IsInUserSpace(BreakpointInfo info) => info.Address <= TaskSize - (ulong)info.Length;

    /// <summary>arch_check_va_in_kernelspace(): both ends, so that nothing wraps.</summary>
    public bool IsInKernelSpace(BreakpointInfo info)
    {
        ulong last = info.Address + (ulong)info.Length - 1;
        return HasLowKernel ? last >= info.Address : info.Address >= TaskSize && last >= TaskSize;
    }

    /// <summary>arch_store_info().</summary>
    private bool Resolve(ref BreakpointInfo info, bool isForThread)
    {
        if (info.Symbol is { } symbol)
        {
            if (isForThread)
            {
                return false;
            }

            info = info with { Address = Lookup(symbol) };
        }

        return info.Address != 0;
    }
}
