using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>What BTS, BTR and BTC do to the bit; BT does nothing and writes nothing.</summary>
internal interface IBitOp
{
    static abstract bool Writes { get; }

    static abstract T Value<T>(T element, T bit)
        where T : unmanaged, IBinaryInteger<T>;
}

/// <summary>
/// BT BTS BTR BTC (SDM vol. 2). With a register as bit offset a memory operand is a bit string of any length: the element
/// accessed lies offset / width elements from the address, to either side. CF = the bit; the others, undefined but ZF, stay.
/// </summary>
internal static unsafe class BitTest
{
    public static void Register(InstructionTable table)
    {
        Rows<Look>(table, Mnemonic.Bt);
        Rows<SetBit>(table, Mnemonic.Bts);
        Rows<ResetBit>(table, Mnemonic.Btr);
        Rows<ComplementBit>(table, Mnemonic.Btc);
    }

    private static void Rows<TOp>(InstructionTable table, Mnemonic mnemonic)
        where TOp : struct, IBitOp =>
        table.Add(mnemonic, null, &Do<TOp, ushort>, &Do<TOp, uint>, &Do<TOp, ulong>);

    private static StepStatus Do<TOp, T>(CpuCore cpu, DecodedOp* op)
        where TOp : struct, IBitOp
        where T : unmanaged, IBinaryInteger<T>
    {
        CpuState* s = cpu.State;
        T offset = op->K1 == OperandKind.Immediate ? T.CreateTruncating(op->Imm) : Gpr.Read<T>(s, op->R1);
        int position = int.CreateTruncating(offset) & (8 * sizeof(T) - 1);
        ulong linear = 0;
        T element;
        if (op->K0 == OperandKind.Memory)
        {
            if (!Element<TOp, T>(cpu, op, offset, out linear) || !cpu.Mmu.Load(linear, Operands.Stack(op), out element))
            {
                return StepStatus.Fault;
            }
        }
        else
        {
            element = Gpr.Read<T>(s, op->R0);
        }

        if (TOp.Writes)
        {
            Operands.Commit0(cpu, op, linear, TOp.Value(element, T.One << position));
        }

        s->FlagAux = LazyFlags.WithCarry(s->FlagAux, (ulong.CreateTruncating(element) >> position) & 1);
        return StepStatus.Next;
    }

    /// <summary>Where the element that has the bit lies; if it is to be written, that is sure to succeed.</summary>
    private static bool Element<TOp, T>(CpuCore cpu, DecodedOp* op, T offset, out ulong linear)
        where TOp : struct, IBitOp
        where T : unmanaged, IBinaryInteger<T>
    {
        ulong address = Operands.Offset(cpu.State, op);
        if (op->K1 != OperandKind.Immediate)
        {
            int shift = BitOperations.Log2(8 * (uint)sizeof(T));
            long elements = (long)LazyFlags.Result(offset) >> shift;
            address = Operands.Wrap(op, address + (ulong)(elements * sizeof(T)));
        }

        return Operands.Linear(cpu, op, address, sizeof(T), TOp.Writes, out linear)
            && (!TOp.Writes || cpu.Mmu.PrepareStore(linear, sizeof(T), Operands.Stack(op)));
    }

    private readonly struct Look : IBitOp
    {
        public static bool Writes => false;

        static T IBitOp.Value<T>(T element, T bit) => element;
    }

    private readonly struct SetBit : IBitOp
    {
        public static bool Writes => true;

        static T IBitOp.Value<T>(T element, T bit) => element | bit;
    }

    private readonly struct ResetBit : IBitOp
    {
        public static bool Writes => true;

        static T IBitOp.Value<T>(T element, T bit) => element & ~bit;
    }

    private readonly struct ComplementBit : IBitOp
    {
        public static bool Writes => true;

        static T IBitOp.Value<T>(T element, T bit) => element ^ bit;
    }
}
