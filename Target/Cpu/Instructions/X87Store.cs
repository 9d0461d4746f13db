using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Float;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>FST FSTP FIST FISTP FISTTP FBSTP to memory (SDM vol. 2).</summary>
/// <remarks>
/// Every fault the store could have is found before anything is computed, so that an exception never shows without its
/// result.
/// </remarks>
internal static unsafe class X87Store
{
    public static void Register(InstructionTable table)
    {
        table.Add(Code.Fst_m32fp, &Float<Binary32Format, uint>);
        table.Add(Code.Fst_m64fp, &Float<Binary64Format, ulong>);
        table.Add(Code.Fstp_m32fp, &FloatPop<Binary32Format, uint>);
        table.Add(Code.Fstp_m64fp, &FloatPop<Binary64Format, ulong>);
        table.Add(Code.Fstp_m80fp, &ExtendedPop);
        table.Add(Mnemonic.Fist, null, &Integer<ushort>, &Integer<uint>, null);
        table.Add(Mnemonic.Fistp, null, &IntegerPop<ushort>, &IntegerPop<uint>, &IntegerPop<ulong>);
        table.Add(Mnemonic.Fisttp, null, &Truncated<ushort>, &Truncated<uint>, &Truncated<ulong>);
        table.Add(Mnemonic.Fbstp, &Decimal);
    }

    private static StepStatus Float<TFormat, T>(CpuCore cpu, DecodedOp* op)
        where TFormat : struct, IBinaryFormat
        where T : unmanaged, System.Numerics.IBinaryInteger<T> => StoreFloat<TFormat, T>(cpu, op, pop: false);

    private static StepStatus FloatPop<TFormat, T>(CpuCore cpu, DecodedOp* op)
        where TFormat : struct, IBinaryFormat
        where T : unmanaged, System.Numerics.IBinaryInteger<T> => StoreFloat<TFormat, T>(cpu, op, pop: true);

    private static StepStatus Integer<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, System.Numerics.IBinaryInteger<T> =>
        StoreInteger<T>(cpu, op, X87Access.Status(cpu.State).Rounding, pop: false);

    private static StepStatus IntegerPop<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, System.Numerics.IBinaryInteger<T> =>
        StoreInteger<T>(cpu, op, X87Access.Status(cpu.State).Rounding, pop: true);

    private static StepStatus Truncated<T>(CpuCore cpu, DecodedOp* op)
        where T : unmanaged, System.Numerics.IBinaryInteger<T> =>
        StoreInteger<T>(cpu, op, RoundingMode.TowardZero, pop: true);

    private static StepStatus StoreFloat<TFormat, T>(CpuCore cpu, DecodedOp* op, bool pop)
        where TFormat : struct, IBinaryFormat
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        if (!Begin(cpu, op, sizeof(T), out ulong linear))
        {
            return StepStatus.Fault;
        }

        FloatStatus status = X87Access.Status(cpu.State);
        ulong bits = BinaryCodec<TFormat>.Pack(Unpacked.Indefinite);
        if (!IsUnderflow(cpu, op, out bool stored))
        {
            bits = ExtendedConversion.Store<TFormat>(X87Stack.Unpack(cpu.State, 0), ref status);
            stored = (status.Unmasked & ~FloatExceptions.Precision) == 0;
        }

        return End(cpu, op, linear, T.CreateTruncating(bits), status, stored, pop);
    }

    private static StepStatus StoreInteger<T>(CpuCore cpu, DecodedOp* op, RoundingMode rounding, bool pop)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        if (!Begin(cpu, op, sizeof(T), out ulong linear))
        {
            return StepStatus.Fault;
        }

        FloatStatus status = X87Access.Status(cpu.State);
        ulong bits = 1UL << ((8 * sizeof(T)) - 1);
        if (!IsUnderflow(cpu, op, out bool stored))
        {
            Unpacked value = X87Stack.Unpack(cpu.State, 0);
            bits = ExtendedConversion.StoreInteger(value, 8 * sizeof(T), rounding, ref status);
            stored = !status.HasNoResult;
        }

        return End(cpu, op, linear, T.CreateTruncating(bits), status, stored, pop);
    }

    private static StepStatus ExtendedPop(CpuCore cpu, DecodedOp* op)
    {
        if (!BeginTenBytes(cpu, op, out ulong linear))
        {
            return StepStatus.Fault;
        }

        Float80 value = Float80.Indefinite;
        if (!IsUnderflow(cpu, op, out bool stored))
        {
            value = X87Stack.Read(cpu.State, 0);
            stored = true;
        }

        return EndTenBytes(cpu, op, linear, value.Significand, value.SignExponent, X87Access.Status(cpu.State), stored);
    }

    private static StepStatus Decimal(CpuCore cpu, DecodedOp* op)
    {
        if (!BeginTenBytes(cpu, op, out ulong linear))
        {
            return StepStatus.Fault;
        }

        FloatStatus status = X87Access.Status(cpu.State);
        PackedDecimal value = PackedDecimal.Indefinite;
        if (!IsUnderflow(cpu, op, out bool stored))
        {
            value = PackedDecimal.FromExtended(X87Stack.Unpack(cpu.State, 0), ref status);
            stored = !status.HasNoResult;
        }

        return EndTenBytes(cpu, op, linear, value.Low, value.High, status, stored);
    }

    private static bool Begin(CpuCore cpu, DecodedOp* op, int size, out ulong linear)
    {
        linear = 0;
        if (!X87Access.BeginWaiting(cpu)
            || !Operands.Address(cpu, op, size, write: true, out linear)
            || !cpu.Mmu.PrepareStore(linear, size, Operands.Stack(op)))
        {
            return false;
        }

        X87Access.Complete(cpu, op);
        return true;
    }

    // Where alignment is checked, that of the first eight bytes counts.
    private static bool BeginTenBytes(CpuCore cpu, DecodedOp* op, out ulong linear)
    {
        linear = 0;
        bool stack = Operands.Stack(op);
        if (!X87Access.BeginWaiting(cpu)
            || !Operands.Address(cpu, op, 10, write: true, out linear)
            || !cpu.Mmu.PrepareStore(linear, 8, stack)
            || !cpu.Mmu.PrepareStore(linear + 8, 2, stack))
        {
            return false;
        }

        X87Access.Complete(cpu, op);
        return true;
    }

    private static bool IsUnderflow(CpuCore cpu, DecodedOp* op, out bool indefiniteIsStored)
    {
        bool empty = X87Stack.IsEmpty(cpu.State, 0);
        indefiniteIsStored = empty && X87Access.Underflow(cpu, op);
        return empty;
    }

    private static StepStatus End<T>(
        CpuCore cpu, DecodedOp* op, ulong linear, T value, in FloatStatus status, bool stored, bool pop)
        where T : unmanaged
    {
        if (stored)
        {
            cpu.Mmu.Store(linear, Operands.Stack(op), value);
            if (pop)
            {
                X87Stack.Pop(cpu.State);
            }
        }

        X87Access.Finish(cpu, op, status);
        return StepStatus.Next;
    }

    private static StepStatus EndTenBytes(
        CpuCore cpu, DecodedOp* op, ulong linear, ulong low, ushort high, in FloatStatus status, bool stored)
    {
        if (stored)
        {
            cpu.Mmu.Store(linear + 8, Operands.Stack(op), high);
        }

        return End(cpu, op, linear, low, status, stored, pop: true);
    }
}
