using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Kernel.DieNotifier;

namespace KgdbSim.Target.Kernel.Traps;

/// <summary>
/// What the die chain hears of a fault in kernel code before it is an oops (arch/x86/kernel/traps.c@6.1: do_error_trap, math_error,
/// exc_bounds, exc_alignment_check, gp_try_fixup_and_notify). A debugger on the chain reports that signal, and is asked again when die()
/// says DIE_OOPS with SIGSEGV.
/// </summary>
internal static class FaultNotice
{
    private const int BusError = 7;
    private const int IllegalInstruction = 4;
    private const int ArithmeticError = 8;

    private static readonly Dictionary<int, (DieCode Code, int Signal)> Notices = new()
    {
        [Cpu.Execute.Vector.DivideError] = (DieCode.Trap, ArithmeticError),
        [Cpu.Execute.Vector.Overflow] = (DieCode.Trap, KernelSignal.Segmentation),
        [Cpu.Execute.Vector.BoundRange] = (DieCode.Trap, KernelSignal.Segmentation),
        [Cpu.Execute.Vector.InvalidOpcode] = (DieCode.Trap, IllegalInstruction),
        [Cpu.Execute.Vector.InvalidTss] = (DieCode.Trap, KernelSignal.Segmentation),
        [Cpu.Execute.Vector.SegmentNotPresent] = (DieCode.Trap, BusError),
        [Cpu.Execute.Vector.StackFault] = (DieCode.Trap, BusError),
        [Cpu.Execute.Vector.GeneralProtection] = (DieCode.GeneralProtection, KernelSignal.Segmentation),
        [Cpu.Execute.Vector.FloatingPoint] = (DieCode.Trap, ArithmeticError),
        [Cpu.Execute.Vector.AlignmentCheck] = (DieCode.Trap, BusError),
        [Cpu.Execute.Vector.SimdFloatingPoint] = (DieCode.Trap, ArithmeticError),
    };

    /// <summary>The first word about a vector; null where die() is the first, as for a page fault.</summary>
    public static (DieCode Code, int Signal)? Of(int vector) =>
        Notices.TryGetValue(vector, out (DieCode Code, int Signal) notice) ? notice : null;
}
