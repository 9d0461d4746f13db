using System.Numerics;
using KgdbSim.Target.Kernel.Core;

namespace KgdbSim.Target.Kernel.HwBreakpoint.Perf;

/// <summary>
/// What may be asked for, and what goes into the registers then (hw_breakpoint_parse, hw_breakpoint_arch_parse,
/// arch_build_bp_info@6.1; the order of the tests decides which error is seen).
/// </summary>
internal sealed class BreakpointParser
{
    /// <summary>sizeof(long), the length instruction breakpoints must have.</summary>
    private const ulong LongLength = 8;

    /// <summary>The first address user mode can't have (TASK_SIZE_MAX with 4-level page tables).</summary>
    public ulong TaskSizeMax { get; init; } = 0x7FFF_FFFF_F000;

    /// <summary>Data and code that no breakpoint may touch.</summary>
    public IReadOnlyList<AddressRange> Forbidden { get; init; } = [];

    /// <summary>Kernel code where nothing may be probed (NOKPROBE_SYMBOL); no instruction breakpoint begins there.</summary>
    public IReadOnlyList<AddressRange> KprobeBlacklist { get; init; } = [];

    /// <summary>X86_FEATURE_BPEXT: powers of two above 8.</summary>
    public bool HasRangeExtension { get; init; }

    /// <param name="attributes">What is asked for.</param>
    /// <param name="isPrivileged">Who asks has CAP_SYS_ADMIN.</param>
    /// <param name="arch">What goes into the registers, if the answer is <see cref="Errno.None"/>.</param>
    public Errno Parse(BreakpointAttributes attributes, bool isPrivileged, out ArchBreakpoint arch)
    {
        Errno result = Build(attributes, out arch);
        if (result != Errno.None)
        {
            return result;
        }

        // An instruction breakpoint may be at any byte.
        if (arch.TypeCode != ArchBreakpoint.Execute && (attributes.Address & (attributes.Length - 1)) != 0)
        {
            return Errno.Invalid;
        }

        if (!TouchesKernel(arch))
        {
            return Errno.None;
        }

        return attributes.ExcludesKernel ? Errno.Invalid : isPrivileged ? Errno.None : Errno.NotPermitted;
    }

    /// <summary>arch_check_bp_in_kernelspace().</summary>
    public bool TouchesKernel(ArchBreakpoint arch) =>
        arch.Address >= TaskSizeMax || arch.Address + (ulong)arch.Length - 1 >= TaskSizeMax;

    private Errno Build(BreakpointAttributes attributes, out ArchBreakpoint arch)
    {
        (ulong address, ulong length, BreakpointType type) = attributes;
        arch = default;
        ulong last = address + length - 1;
        if (last < address || IsForbidden(address, last))
        {
            return Errno.Invalid;
        }

        if (type == BreakpointType.Execute)
        {
            bool isBlacklisted = address >= TaskSizeMax && KprobeBlacklist.Any(range => range.Overlaps(address, address));
            arch = new ArchBreakpoint(address, ArchBreakpoint.Length1, ArchBreakpoint.Execute);
            return isBlacklisted || length != LongLength ? Errno.Invalid : Errno.None;
        }

        byte typeCode = ArchBreakpoint.CodeOfType(type);
        if (typeCode == 0)
        {
            return Errno.Invalid;
        }

        byte lengthCode = ArchBreakpoint.CodeOfLength(length);
        if (lengthCode == 0)
        {
            if (!BitOperations.IsPow2(length) || (address & (length - 1)) != 0)
            {
                return Errno.Invalid;
            }

            if (!HasRangeExtension)
            {
                return Errno.NotSupported;
            }

            lengthCode = ArchBreakpoint.Length1;
        }

        arch = new ArchBreakpoint(address, lengthCode, typeCode);
        return Errno.None;
    }

    private bool IsForbidden(ulong first, ulong last)
    {
        foreach (AddressRange range in Forbidden)
        {
            if (range.Overlaps(first, last))
            {
                return true;
            }
        }

        return false;
    }
}
