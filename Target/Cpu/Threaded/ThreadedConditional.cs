using System.Numerics;
using System.Runtime.CompilerServices;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Instructions;

namespace KgdbSim.Target.Cpu.Threaded;

/// <summary>Finds the threaded handlers of instructions with a condition: CMOVcc and SETcc.</summary>
internal static unsafe class ThreadedConditional
{
    public static ThreadedHandler Select(DecodedOp* op, Mnemonic mnemonic, AddressShape shape) => mnemonic switch
    {
        Mnemonic.Cmovo or Mnemonic.Seto => Select<Overflow>(op, shape),
        Mnemonic.Cmovno or Mnemonic.Setno => Select<NotOverflow>(op, shape),
        Mnemonic.Cmovb or Mnemonic.Setb => Select<Below>(op, shape),
        Mnemonic.Cmovae or Mnemonic.Setae => Select<NotBelow>(op, shape),
        Mnemonic.Cmove or Mnemonic.Sete => Select<Equal>(op, shape),
        Mnemonic.Cmovne or Mnemonic.Setne => Select<NotEqual>(op, shape),
        Mnemonic.Cmovbe or Mnemonic.Setbe => Select<BelowOrEqual>(op, shape),
        Mnemonic.Cmova or Mnemonic.Seta => Select<Above>(op, shape),
        Mnemonic.Cmovs or Mnemonic.Sets => Select<Negative>(op, shape),
        Mnemonic.Cmovns or Mnemonic.Setns => Select<NotNegative>(op, shape),
        Mnemonic.Cmovp or Mnemonic.Setp => Select<ParityEven>(op, shape),
        Mnemonic.Cmovnp or Mnemonic.Setnp => Select<ParityOdd>(op, shape),
        Mnemonic.Cmovl or Mnemonic.Setl => Select<Less>(op, shape),
        Mnemonic.Cmovge or Mnemonic.Setge => Select<NotLess>(op, shape),
        Mnemonic.Cmovle or Mnemonic.Setle => Select<LessOrEqual>(op, shape),
        Mnemonic.Cmovg or Mnemonic.Setg => Select<Greater>(op, shape),
        _ => &ThreadedCode.General,
    };

    // By operand 0 the two can be told apart: CMOVcc has no 8-bit form, SETcc no other.
    private static ThreadedHandler Select<TCondition>(DecodedOp* op, AddressShape shape)
        where TCondition : struct, ICondition => op->K0 switch
    {
        OperandKind.Gpr8 => &ThreadedSet<TCondition>.Register,
        OperandKind.Memory => shape switch
        {
            AddressShape.Base => &ThreadedSet<TCondition>.Memory<BaseDisplacement>,
            AddressShape.Indexed => &ThreadedSet<TCondition>.Memory<BaseIndexDisplacement>,
            _ => &ThreadedSet<TCondition>.Memory<WatchedAddress>,
        },
        OperandKind.Gpr32 => Move<TCondition, uint>(op, shape),
        OperandKind.Gpr64 => Move<TCondition, ulong>(op, shape),
        _ => &ThreadedCode.General,
    };

    private static ThreadedHandler Move<TCondition, T>(DecodedOp* op, AddressShape shape)
        where TCondition : struct, ICondition
        where T : unmanaged, IBinaryInteger<T>
    {
        if (op->K1 != OperandKind.Memory)
        {
            return &ThreadedConditionalMove<TCondition, T>.FromRegister;
        }

        return shape switch
        {
            AddressShape.Base => &ThreadedConditionalMove<TCondition, T>.FromMemory<BaseDisplacement>,
            AddressShape.Indexed => &ThreadedConditionalMove<TCondition, T>.FromMemory<BaseIndexDisplacement>,
            _ => &ThreadedConditionalMove<TCondition, T>.FromMemory<WatchedAddress>,
        };
    }
}

/// <summary>Threaded handlers of CMOVcc.</summary>
internal static unsafe class ThreadedConditionalMove<TCondition, T>
    where TCondition : struct, ICondition
    where T : unmanaged, IBinaryInteger<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int FromRegister(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        Gpr.Write(s, op->R0, Gpr.Read<T>(s, TCondition.Holds(flagResult, flagAux) ? op->R1 : op->R0));
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int FromMemory<TAddress>(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress
    {
        if (!TAddress.Read(s, op, sizeof(T), out byte* p))
        {
            return TAddress.Missed(c, s, op, left, flagResult, flagAux);
        }

        Gpr.Write(s, op->R0, TCondition.Holds(flagResult, flagAux) ? *(T*)p : Gpr.Read<T>(s, op->R0));
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }
}

/// <summary>Threaded handlers of SETcc.</summary>
internal static unsafe class ThreadedSet<TCondition>
    where TCondition : struct, ICondition
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Register(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
    {
        *(byte*)Gpr.At(s, op->R0) = TCondition.Holds(flagResult, flagAux) ? (byte)1 : (byte)0;
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Memory<TAddress>(CpuCore c, CpuState* s, DecodedOp* op, long left, ulong flagResult, ulong flagAux)
        where TAddress : struct, IAddress
    {
        if (!TAddress.Write(s, op, 1, out byte* p))
        {
            return TAddress.Missed(c, s, op, left, flagResult, flagAux);
        }

        *p = TCondition.Holds(flagResult, flagAux) ? (byte)1 : (byte)0;
        return ThreadedCode.Next(c, s, op, left, flagResult, flagAux);
    }
}
