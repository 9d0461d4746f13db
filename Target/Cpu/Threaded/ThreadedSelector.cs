using System.Numerics;
using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Instructions;

namespace KgdbSim.Target.Cpu.Threaded;

/// <summary>
/// Finds the threaded handler for a decoded instruction: the commonest instructions of 64-bit code in their commonest
/// shapes. Everything else has <see cref="ThreadedCode.General"/>, and so has every instruction whose handler finds its
/// case special.
/// </summary>
internal static unsafe class ThreadedSelector
{
    public static ThreadedHandler Select(DecodedOp* op, Code code)
    {
        if (!Simple(op))
        {
            return &ThreadedCode.General;
        }

        if (HasMemory(op))
        {
            op->Link = (DecodedOp*)Select(op, code, AddressShape.Watched);
        }

        return Select(op, code, Shape(op));
    }

    private static ThreadedHandler Select(DecodedOp* op, Code code, AddressShape shape)
    {
        Mnemonic mnemonic = code.Mnemonic();
        return mnemonic switch
        {
            Mnemonic.Add => Binary<Add>(op, shape),
            Mnemonic.Adc => Binary<Adc>(op, shape),
            Mnemonic.Sub => Binary<Sub>(op, shape),
            Mnemonic.Sbb => Binary<Sbb>(op, shape),
            Mnemonic.Cmp => Binary<Cmp>(op, shape),
            Mnemonic.And => Binary<And>(op, shape),
            Mnemonic.Or => Binary<Or>(op, shape),
            Mnemonic.Xor => Binary<Xor>(op, shape),
            Mnemonic.Test => Binary<Test>(op, shape),
            Mnemonic.Mov => Move(op, shape),
            Mnemonic.Lea => Lea(op),
            Mnemonic.Movzx or Mnemonic.Movsx or Mnemonic.Movsxd => Extend(op, code, shape),
            Mnemonic.Inc => ThreadedUnary.Select<Increment>(op, shape),
            Mnemonic.Dec => ThreadedUnary.Select<Decrement>(op, shape),
            Mnemonic.Neg => ThreadedUnary.Select<Negate>(op, shape),
            Mnemonic.Not => ThreadedUnary.Select<Complement>(op, shape),
            Mnemonic.Shl or Mnemonic.Sal => ThreadedShift.Select<ShiftLeft>(op, shape),
            Mnemonic.Shr => ThreadedShift.Select<ShiftRight>(op, shape),
            Mnemonic.Sar => ThreadedShift.Select<ShiftArithmeticRight>(op, shape),
            Mnemonic.Rol => ThreadedShift.Select<RotateLeft>(op, shape),
            Mnemonic.Ror => ThreadedShift.Select<RotateRight>(op, shape),
            Mnemonic.Imul or Mnemonic.Mul or Mnemonic.Div or Mnemonic.Idiv => ThreadedMultiply.Select(op, code, shape),
            Mnemonic.Push or Mnemonic.Pop or Mnemonic.Leave => ThreadedStack.Select(op, code, shape),
            Mnemonic.Cwde or Mnemonic.Cdqe or Mnemonic.Cdq or Mnemonic.Cqo or Mnemonic.Bswap or Mnemonic.Xchg
                or Mnemonic.Bt => ThreadedRegister.Select(op, mnemonic),
            Mnemonic.Nop or Mnemonic.Reservednop or Mnemonic.Endbr64 => &ThreadedStack.Nop,
            _ => VectorOrControl(op, code, mnemonic, shape),
        };
    }

    private static ThreadedHandler VectorOrControl(DecodedOp* op, Code code, Mnemonic mnemonic, AddressShape shape)
    {
        ThreadedHandler vector = ThreadedVectorSelector.Select(op, code);
        return vector != null ? vector : Control(op, code, mnemonic, shape);
    }

    /// <summary>64-bit code whose memory operand, if any, has no segment base and a 64-bit address.</summary>
    /// <remarks>A LOCK prefix needs nothing more: one host thread runs all processors, so every instruction is atomic.</remarks>
    public static bool Simple(DecodedOp* op)
    {
        return (op->Prefixes & OpPrefixes.Mode64) != 0
            && (!HasMemory(op) || (op->Segment == SegmentIndex.Flat && op->AddressWidth == 3))
            && (op->K0 != OperandKind.Branch || Canonical(op->Imm));
    }

    /// <summary>Canonical with the fewest address bits; the general form knows how many there are.</summary>
    private static bool Canonical(ulong target) => (ulong)((long)(target << 16) >> 16) == target;

    public static AddressShape Shape(DecodedOp* op) => Indexed(op) ? AddressShape.Indexed : AddressShape.Base;

    private static bool HasMemory(DecodedOp* op) =>
        op->K0 == OperandKind.Memory || op->K1 == OperandKind.Memory || op->K2 == OperandKind.Memory;

    private static ThreadedHandler Binary<TOp>(DecodedOp* op, AddressShape shape)
        where TOp : struct, IBinaryOp => OperandBytes(op) switch
    {
        1 => Binary<TOp, byte>(op, shape),
        2 => Binary<TOp, ushort>(op, shape),
        4 => Binary<TOp, uint>(op, shape),
        8 => Binary<TOp, ulong>(op, shape),
        _ => &ThreadedCode.General,
    };

    private static ThreadedHandler Binary<TOp, T>(DecodedOp* op, AddressShape shape)
        where TOp : struct, IBinaryOp
        where T : unmanaged, IBinaryInteger<T>
    {
        if (op->K0 == OperandKind.Gpr8High || op->K1 == OperandKind.Gpr8High)
        {
            return &ThreadedCode.General;
        }

        if (op->K0 == OperandKind.Memory)
        {
            return op->K1 == OperandKind.Immediate
                ? shape switch
                    {
                        AddressShape.Base => &ThreadedBinary<TOp, T>.MemoryImmediate<BaseDisplacement>,
                        AddressShape.Indexed => &ThreadedBinary<TOp, T>.MemoryImmediate<BaseIndexDisplacement>,
                        _ => &ThreadedBinary<TOp, T>.MemoryImmediate<WatchedAddress>,
                    }
                : shape switch
                    {
                        AddressShape.Base => &ThreadedBinary<TOp, T>.MemoryRegister<BaseDisplacement>,
                        AddressShape.Indexed => &ThreadedBinary<TOp, T>.MemoryRegister<BaseIndexDisplacement>,
                        _ => &ThreadedBinary<TOp, T>.MemoryRegister<WatchedAddress>,
                    };
        }

        return op->K1 switch
        {
            OperandKind.Immediate => &ThreadedBinary<TOp, T>.RegisterImmediate,
            OperandKind.Memory => shape switch
            {
                AddressShape.Base => &ThreadedBinary<TOp, T>.RegisterMemory<BaseDisplacement>,
                AddressShape.Indexed => &ThreadedBinary<TOp, T>.RegisterMemory<BaseIndexDisplacement>,
                _ => &ThreadedBinary<TOp, T>.RegisterMemory<WatchedAddress>,
            },
            _ => &ThreadedBinary<TOp, T>.RegisterRegister,
        };
    }

    private static ThreadedHandler Move(DecodedOp* op, AddressShape shape) => OperandBytes(op) switch
    {
        1 => Move<byte>(op, shape),
        2 => Move<ushort>(op, shape),
        4 => Move<uint>(op, shape),
        8 => Move<ulong>(op, shape),
        _ => &ThreadedCode.General,
    };

    private static ThreadedHandler Move<T>(DecodedOp* op, AddressShape shape)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (op->K0 == OperandKind.Memory)
        {
            return op->K1 switch
            {
                OperandKind.Immediate => shape switch
                {
                    AddressShape.Base => &ThreadedMove<T>.StoreImmediate<BaseDisplacement>,
                    AddressShape.Indexed => &ThreadedMove<T>.StoreImmediate<BaseIndexDisplacement>,
                    _ => &ThreadedMove<T>.StoreImmediate<WatchedAddress>,
                },
                OperandKind.Gpr8 or OperandKind.Gpr16 or OperandKind.Gpr32 or OperandKind.Gpr64 => shape switch
                {
                    AddressShape.Base => &ThreadedMove<T>.Store<BaseDisplacement>,
                    AddressShape.Indexed => &ThreadedMove<T>.Store<BaseIndexDisplacement>,
                    _ => &ThreadedMove<T>.Store<WatchedAddress>,
                },
                _ => &ThreadedCode.General,
            };
        }

        if (op->K0 is not (OperandKind.Gpr8 or OperandKind.Gpr16 or OperandKind.Gpr32 or OperandKind.Gpr64))
        {
            return &ThreadedCode.General;
        }

        return op->K1 switch
        {
            OperandKind.Immediate => &ThreadedMove<T>.RegisterImmediate,
            OperandKind.Memory => shape switch
            {
                AddressShape.Base => &ThreadedMove<T>.Load<BaseDisplacement>,
                AddressShape.Indexed => &ThreadedMove<T>.Load<BaseIndexDisplacement>,
                _ => &ThreadedMove<T>.Load<WatchedAddress>,
            },
            OperandKind.Gpr8 or OperandKind.Gpr16 or OperandKind.Gpr32 or OperandKind.Gpr64 =>
                &ThreadedMove<T>.RegisterRegister,
            _ => &ThreadedCode.General,
        };
    }

    private static ThreadedHandler Lea(DecodedOp* op) => op->K0 switch
    {
        OperandKind.Gpr32 => Indexed(op)
            ? &ThreadedLea<uint, BaseIndexDisplacement>.Run
            : &ThreadedLea<uint, BaseDisplacement>.Run,
        OperandKind.Gpr64 => Indexed(op)
            ? &ThreadedLea<ulong, BaseIndexDisplacement>.Run
            : &ThreadedLea<ulong, BaseDisplacement>.Run,
        _ => &ThreadedCode.General,
    };

    private static ThreadedHandler Extend(DecodedOp* op, Code code, AddressShape shape) =>
        code switch
        {
            Code.Movzx_r32_rm8 or Code.Movzx_r64_rm8 => Extend<byte, uint>(op, shape),
            Code.Movzx_r32_rm16 or Code.Movzx_r64_rm16 => Extend<ushort, uint>(op, shape),
            Code.Movsx_r32_rm8 => Extend<sbyte, uint>(op, shape),
            Code.Movsx_r64_rm8 => Extend<sbyte, ulong>(op, shape),
            Code.Movsx_r32_rm16 => Extend<short, uint>(op, shape),
            Code.Movsx_r64_rm16 => Extend<short, ulong>(op, shape),
            Code.Movsxd_r64_rm32 => Extend<int, ulong>(op, shape),
            _ => &ThreadedCode.General,
        };

    private static ThreadedHandler Extend<TFrom, TTo>(DecodedOp* op, AddressShape shape)
        where TFrom : unmanaged, IBinaryInteger<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>
    {
        if (op->K1 == OperandKind.Memory)
        {
            return shape switch
            {
                AddressShape.Base => &ThreadedExtend<TFrom, TTo>.FromMemory<BaseDisplacement>,
                AddressShape.Indexed => &ThreadedExtend<TFrom, TTo>.FromMemory<BaseIndexDisplacement>,
                _ => &ThreadedExtend<TFrom, TTo>.FromMemory<WatchedAddress>,
            };
        }

        return op->K1 == OperandKind.Gpr8High ? &ThreadedCode.General : &ThreadedExtend<TFrom, TTo>.FromRegister;
    }

    private static ThreadedHandler Control(DecodedOp* op, Code code, Mnemonic mnemonic, AddressShape shape) => code switch
    {
        Code.Jmp_rel8_64 or Code.Jmp_rel32_64 => &ThreadedBranch.Direct,
        Code.Jmp_rm64 => op->K0 == OperandKind.Gpr64 ? &ThreadedBranch.JumpRegister
            : shape switch
                {
                    AddressShape.Base => &ThreadedBranch.JumpMemory<BaseDisplacement>,
                    AddressShape.Indexed => &ThreadedBranch.JumpMemory<BaseIndexDisplacement>,
                    _ => &ThreadedBranch.JumpMemory<WatchedAddress>,
                },
        Code.Call_rel32_64 => &ThreadedBranch.Call,
        Code.Call_rm64 => op->K0 == OperandKind.Gpr64 ? &ThreadedBranch.CallRegister
            : shape switch
                {
                    AddressShape.Base => &ThreadedBranch.CallMemory<BaseDisplacement>,
                    AddressShape.Indexed => &ThreadedBranch.CallMemory<BaseIndexDisplacement>,
                    _ => &ThreadedBranch.CallMemory<WatchedAddress>,
                },
        Code.Retnq => &ThreadedBranch.Return,
        _ when op->K0 == OperandKind.Branch => Conditional(mnemonic),
        _ => ThreadedConditional.Select(op, mnemonic, shape),
    };

    private static ThreadedHandler Conditional(Mnemonic mnemonic) =>
        mnemonic switch
        {
            Mnemonic.Jo => &ThreadedBranch.Conditional<Overflow>,
            Mnemonic.Jno => &ThreadedBranch.Conditional<NotOverflow>,
            Mnemonic.Jb => &ThreadedBranch.Conditional<Below>,
            Mnemonic.Jae => &ThreadedBranch.Conditional<NotBelow>,
            Mnemonic.Je => &ThreadedBranch.Conditional<Equal>,
            Mnemonic.Jne => &ThreadedBranch.Conditional<NotEqual>,
            Mnemonic.Jbe => &ThreadedBranch.Conditional<BelowOrEqual>,
            Mnemonic.Ja => &ThreadedBranch.Conditional<Above>,
            Mnemonic.Js => &ThreadedBranch.Conditional<Negative>,
            Mnemonic.Jns => &ThreadedBranch.Conditional<NotNegative>,
            Mnemonic.Jp => &ThreadedBranch.Conditional<ParityEven>,
            Mnemonic.Jnp => &ThreadedBranch.Conditional<ParityOdd>,
            Mnemonic.Jl => &ThreadedBranch.Conditional<Less>,
            Mnemonic.Jge => &ThreadedBranch.Conditional<NotLess>,
            Mnemonic.Jle => &ThreadedBranch.Conditional<LessOrEqual>,
            Mnemonic.Jg => &ThreadedBranch.Conditional<Greater>,
            _ => &ThreadedCode.General,
        };

    /// <summary>Bytes of the operands of a two-operand instruction: 1, 2, 4 or 8, or 0 for operands of another kind.</summary>
    public static int OperandBytes(DecodedOp* op)
    {
        OperandKind sized = op->K0 == OperandKind.Memory ? op->K1 : op->K0;
        return sized == OperandKind.Immediate ? op->MemoryBytes : Bytes(sized);
    }

    private static bool Indexed(DecodedOp* op) => op->Index != CpuState.ZeroRegister;

    private static int Bytes(OperandKind kind) => kind switch
    {
        OperandKind.Gpr8 or OperandKind.Gpr8High => 1,
        OperandKind.Gpr16 => 2,
        OperandKind.Gpr32 => 4,
        OperandKind.Gpr64 => 8,
        _ => 0,
    };
}
