using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// SHL SAL SHR SAR ROL ROR RCL RCR: general forms. A count of 0 changes no flag, but the destination is written (with
/// what it had), so it faults and is seen by watches like any other.
/// </summary>
internal static unsafe class Shift
{
    public static void Register(InstructionTable table)
    {
        Rows<ShiftLeft>(table, Mnemonic.Shl);
        Rows<ShiftLeft>(table, Mnemonic.Sal);
        Rows<ShiftRight>(table, Mnemonic.Shr);
        Rows<ShiftArithmeticRight>(table, Mnemonic.Sar);
        Rows<RotateLeft>(table, Mnemonic.Rol);
        Rows<RotateRight>(table, Mnemonic.Ror);
        Rows<RotateCarryLeft>(table, Mnemonic.Rcl);
        Rows<RotateCarryRight>(table, Mnemonic.Rcr);
    }

    private static void Rows<TOp>(InstructionTable table, Mnemonic mnemonic)
        where TOp : struct, IShiftOp =>
        table.Add(mnemonic, &Do<TOp, byte>, &Do<TOp, ushort>, &Do<TOp, uint>, &Do<TOp, ulong>);

    private static StepStatus Do<TOp, T>(CpuCore cpu, DecodedOp* op)
        where TOp : struct, IShiftOp
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        if (!Operands.Update0(cpu, op, out T a, out ulong linear))
        {
            return StepStatus.Fault;
        }

        ulong given = op->K1 == OperandKind.Immediate ? op->Imm : s->Gpr[Gpr.Rcx];
        int count = (int)given & (sizeof(T) == 8 ? 63 : 31);
        if (count == 0)
        {
            Operands.Commit0(cpu, op, linear, a);
            return StepStatus.Next;
        }

        const int bitsPerByte = 8;
        int width = sizeof(T) * bitsPerByte;
        ulong wide = ulong.CreateTruncating(a);
        T result = T.CreateTruncating(TOp.Value(wide, count, width, s->FlagAux));
        Operands.Commit0(cpu, op, linear, result);
        s->FlagAux = TOp.Aux(wide, ulong.CreateTruncating(result), count, width, s->FlagAux);
        if (!TOp.Rotates)
        {
            s->FlagResult = LazyFlags.Result(result);
        }

        return StepStatus.Next;
    }
}
