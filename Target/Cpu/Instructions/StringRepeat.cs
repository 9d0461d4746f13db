using System.Runtime.CompilerServices;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// Repetition of string instructions (SDM vol. 2, "REP"): interruptible between iterations, the registers then showing
/// what is done; a fault leaves the registers at the iteration that faulted, and the flags as the instruction found them.
/// </summary>
internal static unsafe class StringRepeat
{
    /// <summary>
    /// Iterations after which an instruction that goes on comes up for breath, so that one with a counter of 2^64 cannot
    /// hold the machine.
    /// </summary>
    private const ulong IterationsMax = 1 << 20;

    public static StepStatus Run<TOp>(CpuCore cpu, DecodedOp* op)
        where TOp : struct, IStringOp
    {
        CpuState* s = cpu.State;
        StringFlags flags;
        flags.Result = s->FlagResult;
        flags.Aux = s->FlagAux;
        if ((op->Prefixes & (OpPrefixes.Rep | OpPrefixes.RepNe)) == 0)
        {
            return TOp.One(cpu, op, ref flags) ? Commit<TOp>(s, flags, StepStatus.Next) : StepStatus.Fault;
        }

        bool whileZero = (op->Prefixes & OpPrefixes.Rep) != 0;
        ulong count = StringIndex.Get(s, op, Gpr.Rcx);
        ulong start = count;
        while (count != 0)
        {
            ulong done = cpu.SingleIteration ? 0 : TOp.Bulk(cpu, op, count, whileZero, ref flags);
            if (done == 0)
            {
                if (!TOp.One(cpu, op, ref flags))
                {
                    // Intel: the flags are put back (SDM vol. 2, "REP"); AMD: they show the last comparison made.
                    return cpu.Model.Vendor == CpuVendor.Amd
                        ? Commit<TOp>(s, flags, StepStatus.Fault)
                        : StepStatus.Fault;
                }

                done = 1;
            }

            count -= done;
            StringIndex.Set(s, op, Gpr.Rcx, count);
            if (TOp.Compares && LazyFlags.Zero(flags.Result) != whileZero)
            {
                break;
            }

            if (count != 0 && (cpu.SingleIteration | cpu.Attention | start - count >= IterationsMax))
            {
                return Commit<TOp>(s, flags, StepStatus.Repeat);
            }
        }

        return Commit<TOp>(s, flags, StepStatus.Next);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static StepStatus Commit<TOp>(CpuState* s, in StringFlags flags, StepStatus status)
        where TOp : struct, IStringOp
    {
        if (TOp.Compares)
        {
            s->FlagResult = flags.Result;
            s->FlagAux = flags.Aux;
        }

        return status;
    }
}
