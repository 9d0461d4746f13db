using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>MXCSR around an instruction: what it allows beforehand and what it becomes afterwards.</summary>
internal static unsafe class SseFloatStatus
{
    private const uint Masks = 0x1F80;
    private const uint RoundingControl = 0x6000;
    private const uint PrecisionFlag = 0x20;

    /// <summary>
    /// Rounding to nearest, everything masked and PE already set: an operation on ordinary numbers with an ordinary
    /// result leaves MXCSR as it is, so the host may do it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsSettled(uint mxcsr) =>
        (mxcsr & (Masks | RoundingControl | PrecisionFlag)) == (Masks | PrecisionFlag);

    /// <summary>
    /// Sets the flags of what was found. For an unmasked exception records #XM, or #UD without CR4.OSXMMEXCPT, and
    /// returns false: the destination stays (SDM vol. 1, 11.5.1 and 11.5.3).
    /// </summary>
    public static bool Commit(CpuCore cpu, in FloatStatus status)
    {
        FloatExceptions unmasked = status.Unmasked;
        FloatExceptions raised = status.Raised;
        if ((unmasked & FloatExceptions.BeforeResult) != 0)
        {
            // An unmasked exception found in some operand keeps every element from being computed.
            raised &= FloatExceptions.BeforeResult;
        }

        CpuState* s = cpu.State;
        s->Mxcsr |= (uint)raised;
        if (unmasked == FloatExceptions.None)
        {
            return true;
        }

        cpu.Fault((s->Cr4 & ControlBits.Cr4OsXmmExcpt) != 0 ? Vector.SimdFloatingPoint : Vector.InvalidOpcode);
        return false;
    }
}
