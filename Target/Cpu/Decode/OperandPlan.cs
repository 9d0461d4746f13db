using Iced.Intel;
using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Cpu.Decode;

/// <summary>Digests an instruction's operands into a <see cref="DecodedOp"/>: kinds, register numbers, address, immediate.</summary>
internal static unsafe class OperandPlan
{
    public static void Fill(in Instruction instruction, BlockMode mode, DecodedOp* op)
    {
        op->Base = op->Index = CpuState.ZeroRegister;
        op->Segment = SegmentIndex.Flat;
        op->AddressWidth = 3;
        op->Prefixes = Prefixes(instruction, mode);
        int count = instruction.OpCount;
        for (int i = 0; i < count; i++)
        {
            (OperandKind kind, byte register) = Operand(instruction, i, mode, op);
            switch (i)
            {
                case 0:
                    (op->K0, op->R0) = (kind, register);
                    break;
                case 1:
                    (op->K1, op->R1) = (kind, register);
                    break;
                case 2:
                    (op->K2, op->R2) = (kind, register);
                    break;
                case 3:
                    op->R3 = register;
                    break;
            }
        }
    }

    /// <summary>log2 of the operand width in bytes: that of operand 0, or of operand 1 where operand 0 is an immediate or missing.</summary>
    public static int WidthLog2(in Instruction instruction)
    {
        int count = instruction.OpCount;
        for (int i = 0; i < count; i++)
        {
            int bytes = Width(instruction, i);
            if (bytes != 0)
            {
                return bytes switch { 1 => 0, 2 => 1, 4 => 2, _ => 3 };
            }
        }

        return instruction.CodeSize switch { CodeSize.Code16 => 1, CodeSize.Code32 => 2, _ => 3 };
    }

    private static int Width(in Instruction instruction, int index) => instruction.GetOpKind(index) switch
    {
        OpKind.Register => instruction.GetOpRegister(index).GetSize(),
        OpKind.Memory or (>= OpKind.MemorySegSI and <= OpKind.MemoryESRDI) => instruction.MemorySize.GetSize(),
        OpKind.NearBranch16 => 2,
        OpKind.NearBranch32 => 4,
        OpKind.NearBranch64 => 8,
        _ => 0,
    };

    private static OpPrefixes Prefixes(in Instruction instruction, BlockMode mode)
    {
        OpPrefixes prefixes = OpPrefixes.None;
        if (instruction.HasLockPrefix)
        {
            prefixes |= OpPrefixes.Lock;
        }

        if (instruction.HasRepPrefix)
        {
            prefixes |= OpPrefixes.Rep;
        }

        if (instruction.HasRepnePrefix)
        {
            prefixes |= OpPrefixes.RepNe;
        }

        if ((mode & BlockMode.Bits64) != 0)
        {
            prefixes |= OpPrefixes.Mode64;
        }

        if (instruction.Encoding == EncodingKind.VEX)
        {
            prefixes |= OpPrefixes.Vex;
        }

        return prefixes;
    }

    private static (OperandKind Kind, byte Register) Operand(in Instruction instruction, int index, BlockMode mode, DecodedOp* op)
    {
        OpKind kind = instruction.GetOpKind(index);
        switch (kind)
        {
            case OpKind.Register:
                return FromRegister(instruction.GetOpRegister(index));
            case OpKind.Memory:
                Memory(instruction, mode, op);
                return (OperandKind.Memory, 0);
            case OpKind.NearBranch16:
            case OpKind.NearBranch32:
            case OpKind.NearBranch64:
                op->Imm = instruction.NearBranchTarget;
                return (OperandKind.Branch, 0);
            case OpKind.FarBranch16:
                op->Imm = instruction.FarBranch16 | ((ulong)instruction.FarBranchSelector << 32);
                return (OperandKind.FarBranch, 0);
            case OpKind.FarBranch32:
                op->Imm = instruction.FarBranch32 | ((ulong)instruction.FarBranchSelector << 32);
                return (OperandKind.FarBranch, 0);
            case OpKind.Immediate8_2nd:
                // ENTER, EXTRQ, INSERTQ: the second immediate sits above the first one.
                op->Imm = (op->Imm & 0xFFFF_FFFF) | ((ulong)instruction.Immediate8_2nd << 32);
                return (OperandKind.Immediate, 0);
            case OpKind.MemorySegSI or OpKind.MemorySegESI or OpKind.MemorySegRSI
                or OpKind.MemorySegDI or OpKind.MemorySegEDI or OpKind.MemorySegRDI:
                StringAddress(instruction, kind, mode, op);
                return (OperandKind.StringSource, 0);
            case OpKind.MemoryESDI or OpKind.MemoryESEDI or OpKind.MemoryESRDI:
                op->MemoryBytes = (byte)instruction.MemorySize.GetSize();
                op->AddressWidth = kind switch { OpKind.MemoryESDI => 1, OpKind.MemoryESEDI => 2, _ => 3 };
                return (OperandKind.StringDestination, 0);
            default:
                op->Imm = instruction.GetImmediate(index);
                return (OperandKind.Immediate, 0);
        }
    }

    private static void Memory(in Instruction instruction, BlockMode mode, DecodedOp* op)
    {
        Register register = instruction.MemoryBase;
        if (register is Register.RIP or Register.EIP)
        {
            op->Disp = instruction.IPRelativeMemoryAddress;
            op->AddressWidth = register == Register.RIP ? (byte)3 : (byte)2;
        }
        else
        {
            op->Disp = instruction.MemoryDisplacement64;
            op->Base = Number(register);
            op->Index = Number(instruction.MemoryIndex);
            op->Scale = (byte)System.Numerics.BitOperations.Log2((uint)instruction.MemoryIndexScale);
            op->AddressWidth = AddressWidth(instruction);
        }

        op->MemoryBytes = (byte)Math.Min(instruction.MemorySize.GetSize(), 255);
        Segment(instruction, mode, op);
    }

    private static byte AddressWidth(in Instruction instruction)
    {
        // A vector index has no say.
        Register any = instruction.MemoryBase != Register.None ? instruction.MemoryBase : instruction.MemoryIndex;
        if (any.IsGPR())
        {
            return any.GetSize() switch { 2 => 1, 4 => 2, _ => 3 };
        }

        return instruction.MemoryDisplSize switch
        {
            2 => 1,
            8 => 3,
            _ => 2,
        };
    }

    private static void StringAddress(in Instruction instruction, OpKind kind, BlockMode mode, DecodedOp* op)
    {
        op->MemoryBytes = (byte)instruction.MemorySize.GetSize();
        op->AddressWidth = kind switch
        {
            OpKind.MemorySegSI or OpKind.MemorySegDI => 1,
            OpKind.MemorySegESI or OpKind.MemorySegEDI => 2,
            _ => 3,
        };
        Segment(instruction, mode, op);
    }

    private static void Segment(in Instruction instruction, BlockMode mode, DecodedOp* op)
    {
        var index = (SegmentIndex)(instruction.MemorySegment - Register.ES);
        if ((mode & BlockMode.Bits64) != 0 && index < SegmentIndex.Fs)
        {
            // Overrides with ES, CS, SS and DS mean nothing here: the base register alone decides between #SS and #GP.
            index = instruction.MemoryBase is Register.RSP or Register.RBP or Register.ESP or Register.EBP
                ? SegmentIndex.Ss
                : SegmentIndex.Ds;
            op->Segment = SegmentIndex.Flat;
        }
        else
        {
            op->Segment = index;
        }

        if (index == SegmentIndex.Ss)
        {
            op->Prefixes |= OpPrefixes.StackSegment;
        }
    }

    private static byte Number(Register register) =>
        register == Register.None ? (byte)CpuState.ZeroRegister : (byte)register.GetNumber();

    private static (OperandKind Kind, byte Register) FromRegister(Register register)
    {
        byte number = (byte)register.GetNumber();
        return register switch
        {
            >= Register.AH and <= Register.BH => (OperandKind.Gpr8High, (byte)(register - Register.AH)),
            // Iced numbers the byte registers AL..BL AH..BH SPL..: four too many from SPL on.
            >= Register.AL and <= Register.R15L => (OperandKind.Gpr8, number < 8 ? number : (byte)(number - 4)),
            >= Register.AX and <= Register.R15W => (OperandKind.Gpr16, number),
            >= Register.EAX and <= Register.R15D => (OperandKind.Gpr32, number),
            >= Register.RAX and <= Register.R15 => (OperandKind.Gpr64, number),
            >= Register.ES and <= Register.GS => (OperandKind.Segment, number),
            >= Register.XMM0 and <= Register.XMM31 => (OperandKind.Xmm, number),
            >= Register.YMM0 and <= Register.YMM31 => (OperandKind.Ymm, number),
            >= Register.CR0 and <= Register.CR15 => (OperandKind.Control, number),
            >= Register.DR0 and <= Register.DR15 => (OperandKind.Debug, number),
            >= Register.ST0 and <= Register.ST7 => (OperandKind.St, number),
            >= Register.MM0 and <= Register.MM7 => (OperandKind.Mm, number),
            >= Register.TR0 and <= Register.TR7 => (OperandKind.None, number),
            _ => throw new SimulatorBug($"no operand kind for register {register}"),
        };
    }
}
