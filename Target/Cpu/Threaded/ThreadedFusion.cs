using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Instructions;

namespace KgdbSim.Target.Cpu.Threaded;

/// <summary>
/// Finds pairs of neighbouring instructions in a block that one threaded handler does together. Only the first one's
/// handler is exchanged: counts, faults, and what runs instruction by instruction stay exactly as they are.
/// </summary>
internal static unsafe class ThreadedFusion
{
    /// <summary>Looks at a whole block of 64-bit code.</summary>
    /// <param name="ops">Its instructions, their own handlers chosen.</param>
    /// <param name="codes">Their encodings.</param>
    public static void Apply(DecodedOp* ops, ReadOnlySpan<Code> codes)
    {
        for (int i = 0; i + 1 < codes.Length; i++)
        {
            DecodedOp* first = ops + i;
            if (!ThreadedSelector.Simple(first)
                || first->K0 == OperandKind.Gpr8High
                || first->K1 == OperandKind.Gpr8High)
            {
                continue;
            }

            ThreadedHandler fused = first[1].K0 == OperandKind.Branch && ThreadedSelector.Simple(first + 1)
                ? WithBranch(first, codes[i].Mnemonic(), codes[i + 1].Mnemonic())
                : null;
            if (fused != null)
            {
                first->Handler = fused;
            }
        }
    }

    private static ThreadedHandler WithBranch(DecodedOp* op, Mnemonic mnemonic, Mnemonic branch) => branch switch
    {
        Mnemonic.Jo => WithBranch<Overflow>(op, mnemonic),
        Mnemonic.Jno => WithBranch<NotOverflow>(op, mnemonic),
        Mnemonic.Jb => WithBranch<Below>(op, mnemonic),
        Mnemonic.Jae => WithBranch<NotBelow>(op, mnemonic),
        Mnemonic.Je => WithBranch<Equal>(op, mnemonic),
        Mnemonic.Jne => WithBranch<NotEqual>(op, mnemonic),
        Mnemonic.Jbe => WithBranch<BelowOrEqual>(op, mnemonic),
        Mnemonic.Ja => WithBranch<Above>(op, mnemonic),
        Mnemonic.Js => WithBranch<Negative>(op, mnemonic),
        Mnemonic.Jns => WithBranch<NotNegative>(op, mnemonic),
        Mnemonic.Jl => WithBranch<Less>(op, mnemonic),
        Mnemonic.Jge => WithBranch<NotLess>(op, mnemonic),
        Mnemonic.Jle => WithBranch<LessOrEqual>(op, mnemonic),
        Mnemonic.Jg => WithBranch<Greater>(op, mnemonic),
        _ => null,
    };

    private static ThreadedHandler WithBranch<TCondition>(DecodedOp* op, Mnemonic mnemonic)
        where TCondition : struct, ICondition => mnemonic switch
    {
        Mnemonic.Cmp => Sized<Cmp, TCondition>(op),
        Mnemonic.Test => Sized<Test, TCondition>(op),
        Mnemonic.Sub => Sized<Sub, TCondition>(op),
        Mnemonic.Add => Sized<Add, TCondition>(op),
        Mnemonic.And => Sized<And, TCondition>(op),
        Mnemonic.Inc => Unary<Increment, TCondition>(op),
        Mnemonic.Dec => Unary<Decrement, TCondition>(op),
        _ => null,
    };

    private static ThreadedHandler Sized<TOp, TCondition>(DecodedOp* op)
        where TOp : struct, IBinaryOp
        where TCondition : struct, ICondition => ThreadedSelector.OperandBytes(op) switch
    {
        1 => Shaped<TOp, byte, TCondition>(op),
        4 => Shaped<TOp, uint, TCondition>(op),
        8 => Shaped<TOp, ulong, TCondition>(op),
        _ => null,
    };

    private static ThreadedHandler Shaped<TOp, T, TCondition>(DecodedOp* op)
        where TOp : struct, IBinaryOp
        where T : unmanaged, IBinaryInteger<T>
        where TCondition : struct, ICondition
    {
        AddressShape shape = ThreadedSelector.Shape(op);
        if (op->K0 == OperandKind.Memory)
        {
            return op->K1 == OperandKind.Immediate
                ? shape switch
                    {
                        AddressShape.Base => &FusedBranch<TOp, T, TCondition>.MemoryImmediate<BaseDisplacement>,
                        AddressShape.Indexed => &FusedBranch<TOp, T, TCondition>.MemoryImmediate<BaseIndexDisplacement>,
                        _ => &FusedBranch<TOp, T, TCondition>.MemoryImmediate<WatchedAddress>,
                    }
                : shape switch
                    {
                        AddressShape.Base => &FusedBranch<TOp, T, TCondition>.MemoryRegister<BaseDisplacement>,
                        AddressShape.Indexed => &FusedBranch<TOp, T, TCondition>.MemoryRegister<BaseIndexDisplacement>,
                        _ => &FusedBranch<TOp, T, TCondition>.MemoryRegister<WatchedAddress>,
                    };
        }

        return op->K1 switch
        {
            OperandKind.Immediate => &FusedBranch<TOp, T, TCondition>.RegisterImmediate,
            OperandKind.Memory => shape switch
            {
                AddressShape.Base => &FusedBranch<TOp, T, TCondition>.RegisterMemory<BaseDisplacement>,
                AddressShape.Indexed => &FusedBranch<TOp, T, TCondition>.RegisterMemory<BaseIndexDisplacement>,
                _ => &FusedBranch<TOp, T, TCondition>.RegisterMemory<WatchedAddress>,
            },
            _ => &FusedBranch<TOp, T, TCondition>.RegisterRegister,
        };
    }

    private static ThreadedHandler Unary<TOp, TCondition>(DecodedOp* op)
        where TOp : struct, IUnaryOp
        where TCondition : struct, ICondition => op->K0 switch
    {
        OperandKind.Gpr32 => &FusedUnaryBranch<TOp, uint, TCondition>.Register,
        OperandKind.Gpr64 => &FusedUnaryBranch<TOp, ulong, TCondition>.Register,
        _ => null,
    };
}
