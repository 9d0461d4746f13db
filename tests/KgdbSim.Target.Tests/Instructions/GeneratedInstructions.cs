using Iced.Intel;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Tests.Instructions;

/// <summary>One instruction made for a row of the instruction table.</summary>
internal sealed record GeneratedInstruction(Code Code, int Bits, Instruction Instruction, byte[] Bytes)
{
    public override string ToString() => $"{Code} in {Bits}-bit code: {Instruction} ({Convert.ToHexStringLower(Bytes)})";
}

/// <summary>
/// Makes an instruction for every encoding that a table row covers: memory operands at [rBX], registers that differ from
/// each other, small immediates.
/// </summary>
internal static class GeneratedInstructions
{
    public const ulong CodeAddress = 0x10_0000;

    /// <summary>Where an operand with an absolute address lies; the caller decides what it holds.</summary>
    public const ulong AbsoluteAddress = 0x80_1FFC;

    /// <summary>Of every covered encoding that exists at this width, those that Iced's encoder can be made to produce.</summary>
    public static IEnumerable<GeneratedInstruction> All(InstructionTable table, int bits, bool registersOnly = false)
    {
        foreach (Code code in Enum.GetValues<Code>())
        {
            if (Exists(table, code, bits) && Make(code, bits, registersOnly) is { } instruction)
            {
                yield return instruction;
            }
        }
    }

    /// <summary>Covered encodings that exist at this width but that nothing can be made for.</summary>
    public static IEnumerable<Code> Missing(InstructionTable table, int bits) =>
        Enum.GetValues<Code>().Where(code => Exists(table, code, bits) && Make(code, bits, false) is null);

    private static bool Exists(InstructionTable table, Code code, int bits)
    {
        OpCodeInfo info = code.ToOpCode();
        bool mode = bits switch { 16 => info.Mode16, 32 => info.Mode32, _ => info.Mode64 };
        return info.IsInstruction && mode && code.Mnemonic() != Mnemonic.INVALID && table.Covers(code);
    }

    private static GeneratedInstruction? Make(Code code, int bits, bool registersOnly)
    {
        OpCodeInfo info = code.ToOpCode();
        var instruction = new Instruction { Code = code };
        for (int i = 0; i < info.OpCount; i++)
        {
            if (!Operand(ref instruction, info, i, bits, registersOnly))
            {
                return null;
            }
        }

        var writer = new ListWriter();
        var encoder = Encoder.Create(bits, writer);
        if (!encoder.TryEncode(instruction, CodeAddress, out _, out _))
        {
            return null;
        }

        byte[] bytes = [.. writer.Bytes];
        var decoder = Decoder.Create(bits, new ByteArrayCodeReader(bytes), CodeAddress);

        // Some encodings are AMD's alone; others read the same bytes as something else.
        Instruction decoded = decoder.Decode();
        return decoded.Code == code ? new GeneratedInstruction(code, bits, decoded, bytes) : null;
    }

    private static bool Operand(ref Instruction instruction, OpCodeInfo info, int index, int bits, bool registersOnly)
    {
        OpCodeOperandKind kind = info.GetOpKind(index);
        string name = kind.ToString();
        if (kind is OpCodeOperandKind.seg_rSI or OpCodeOperandKind.es_rDI or OpCodeOperandKind.seg_rDI
            or OpCodeOperandKind.seg_rBX_al)
        {
            return Implicit(ref instruction, kind, index, bits);
        }

        if (name.StartsWith("br", StringComparison.Ordinal) || name.StartsWith("xbegin", StringComparison.Ordinal))
        {
            OpKind branch = name[2..4] switch { "16" => OpKind.NearBranch16, "32" => OpKind.NearBranch32, _ => OpKind.NearBranch64 };
            instruction.SetOpKind(index, branch);
            instruction.NearBranch64 = branch == OpKind.NearBranch16 ? (CodeAddress & 0xFFFF) + 16 : CodeAddress + 16;
            return true;
        }

        if (name.StartsWith("far", StringComparison.Ordinal))
        {
            instruction.SetOpKind(index, kind == OpCodeOperandKind.farbr2_2 ? OpKind.FarBranch16 : OpKind.FarBranch32);
            instruction.FarBranchSelector = 8;
            return true;
        }

        if (name.StartsWith("imm", StringComparison.Ordinal))
        {
            return Immediate(ref instruction, kind, index);
        }

        if (name.Contains("mem", StringComparison.Ordinal) && (!registersOnly || !name.Contains("_or_", StringComparison.Ordinal)))
        {
            return Memory(ref instruction, kind, index, bits, info);
        }

        Register register = RegisterFor(name, index);
        if (register == Register.None)
        {
            return false;
        }

        instruction.SetOpKind(index, OpKind.Register);
        instruction.SetOpRegister(index, register);
        return true;
    }

    private static bool Memory(ref Instruction instruction, OpCodeOperandKind kind, int index, int bits, OpCodeInfo info)
    {
        if (kind.ToString().Contains("vsib", StringComparison.Ordinal) || kind == OpCodeOperandKind.sibmem)
        {
            return false;
        }

        instruction.SetOpKind(index, OpKind.Memory);
        if (kind == OpCodeOperandKind.mem_offs)
        {
            instruction.MemoryDisplacement64 = AbsoluteAddress;
            instruction.MemoryDisplSize = bits / 8;
            return true;
        }

        // These take the address size as part of the encoding.
        bool narrow = info.AddressSize == 32 || (info.AddressSize == 0 && bits == 32);
        instruction.MemoryBase = bits == 16 ? Register.BX : narrow ? Register.EBX : Register.RBX;
        return true;
    }

    private static bool Implicit(ref Instruction instruction, OpCodeOperandKind kind, int index, int bits)
    {
        if (kind == OpCodeOperandKind.seg_rBX_al)
        {
            instruction.SetOpKind(index, OpKind.Memory);
            instruction.MemoryBase = bits == 64 ? Register.RBX : bits == 32 ? Register.EBX : Register.BX;
            instruction.MemoryIndex = Register.AL;
            return true;
        }

        instruction.SetOpKind(index, (kind, bits) switch
        {
            (OpCodeOperandKind.seg_rSI, 64) => OpKind.MemorySegRSI,
            (OpCodeOperandKind.seg_rSI, 32) => OpKind.MemorySegESI,
            (OpCodeOperandKind.seg_rSI, _) => OpKind.MemorySegSI,
            (OpCodeOperandKind.es_rDI, 64) => OpKind.MemoryESRDI,
            (OpCodeOperandKind.es_rDI, 32) => OpKind.MemoryESEDI,
            (OpCodeOperandKind.es_rDI, _) => OpKind.MemoryESDI,
            (_, 64) => OpKind.MemorySegRDI,
            (_, 32) => OpKind.MemorySegEDI,
            _ => OpKind.MemorySegDI,
        });
        return true;
    }

    private static bool Immediate(ref Instruction instruction, OpCodeOperandKind kind, int index)
    {
        bool second = kind == OpCodeOperandKind.imm8 && index > 0 && IsImmediate(instruction.GetOpKind(index - 1));
        instruction.SetOpKind(index, kind switch
        {
            OpCodeOperandKind.imm8 when second => OpKind.Immediate8_2nd,
            OpCodeOperandKind.imm8 or OpCodeOperandKind.imm8_const_1 or OpCodeOperandKind.imm4_m2z => OpKind.Immediate8,
            OpCodeOperandKind.imm8sex16 => OpKind.Immediate8to16,
            OpCodeOperandKind.imm8sex32 => OpKind.Immediate8to32,
            OpCodeOperandKind.imm8sex64 => OpKind.Immediate8to64,
            OpCodeOperandKind.imm16 => OpKind.Immediate16,
            OpCodeOperandKind.imm32 => OpKind.Immediate32,
            OpCodeOperandKind.imm32sex64 => OpKind.Immediate32to64,
            _ => OpKind.Immediate64,
        });
        if (second)
        {
            instruction.Immediate8_2nd = 3;
        }
        else
        {
            instruction.SetImmediate(index, kind == OpCodeOperandKind.imm8_const_1 ? 1 : 5);
        }

        return true;
    }

    private static bool IsImmediate(OpKind kind) => kind is >= OpKind.Immediate8 and <= OpKind.Immediate32to64;

    // A different register for every operand: numbers 2 (rDX, XMM2...), 3 and so on; rBX is the address.
    private static Register RegisterFor(string name, int index)
    {
        int number = index switch { 0 => 2, 1 => 6, 2 => 7, _ => 5 };
        string family = name.Split('_')[0];
        return family switch
        {
            "r8" => Register.AL + (number & 3),
            "r16" => Register.AX + number,
            "r32" => Register.EAX + number,
            "r64" => Register.RAX + number,
            "mm" => Register.MM0 + number,
            "xmm" or "xmmp3" => Register.XMM0 + number,
            "ymm" => Register.YMM0 + number,
            "seg" => Register.FS,
            "cr" => Register.CR0,
            "dr" => Register.DR0,
            "al" => Register.AL,
            "cl" => Register.CL,
            "ax" => Register.AX,
            "dx" => Register.DX,
            "eax" => Register.EAX,
            "rax" => Register.RAX,
            "es" => Register.ES,
            "cs" => Register.CS,
            "ss" => Register.SS,
            "ds" => Register.DS,
            "fs" => Register.FS,
            "gs" => Register.GS,
            "st0" => Register.ST0,
            "sti" => Register.ST2,
            _ => Register.None,
        };
    }

    private sealed class ListWriter : CodeWriter
    {
        public List<byte> Bytes { get; } = [];

        public override void WriteByte(byte value) => Bytes.Add(value);
    }
}
