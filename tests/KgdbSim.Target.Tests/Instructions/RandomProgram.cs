using Iced.Intel;
using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Tests.Instructions;

/// <summary>
/// Straight-line 64-bit code of random instructions with random operands, sprinkled with forward branches, ended by HLT.
/// R15 points to data, R14 is a small index; both, and RSP, are never written on purpose.
/// </summary>
internal sealed class RandomProgram
{
    private const int Length = 40;
    private const int DisplacementMax = 0x400;

    private readonly Instruction[] _templates;

    public RandomProgram(IEnumerable<GeneratedInstruction> instructions) =>
        _templates = [.. instructions.Where(made => Fits(made.Instruction)).Select(made => made.Instruction)];

    /// <summary>Instructions that programs are made of.</summary>
    public int Templates => _templates.Length;

    /// <summary>The program's bytes, to be placed at <paramref name="address"/>, and its text.</summary>
    public (byte[] Code, string Text) Next(ulong address, ref Prng random)
    {
        var instructions = new List<Instruction>();
        for (int i = 0; i < Length; i++)
        {
            instructions.Add(Randomize(_templates[random.NextBelow((ulong)_templates.Length)], ref random));
            if (random.NextBelow(4) == 0)
            {
                Code branch = Code.Jo_rel8_64 + 3 * (int)random.NextBelow(16);
                instructions.Add(Instruction.CreateBranch(branch, 0));
            }
        }

        return Encode(instructions, address, ref random);
    }

    private static (byte[] Code, string Text) Encode(List<Instruction> instructions, ulong address, ref Prng random)
    {
        var bytes = new List<byte>();
        var text = new List<string>();
        int branchAt = -1;
        foreach (Instruction instruction in instructions)
        {
            bool branch = instruction.FlowControl == FlowControl.ConditionalBranch;
            byte[]? encoded = branch
                ? [(byte)(0x70 + (instruction.Code - Code.Jo_rel8_64) / 3), 0]
                : Encode(instruction, address + (ulong)bytes.Count);
            if (encoded == null)
            {
                continue;
            }

            // A branch leads over the instruction behind it, or to it.
            if (branchAt >= 0 && random.NextBelow(2) == 0)
            {
                bytes[branchAt] = (byte)encoded.Length;
            }

            branchAt = branch ? bytes.Count + 1 : -1;
            bytes.AddRange(encoded);
            text.Add($"{Convert.ToHexStringLower(encoded)} {instruction}");
        }

        bytes.AddRange(Enumerable.Repeat((byte)0x90, 16));
        bytes.Add(0xF4);
        return ([.. bytes], string.Join('\n', text));
    }

    private static byte[]? Encode(in Instruction instruction, ulong address)
    {
        var writer = new BytesWriter();
        return Encoder.Create(64, writer).TryEncode(instruction, address, out _, out _) ? [.. writer.Bytes] : null;
    }

    /// <summary>Unprivileged, without a way out, and without segments or addresses of its own.</summary>
    private static bool Fits(in Instruction instruction)
    {
        OpCodeInfo info = instruction.Code.ToOpCode();
        return info is { IsPrivileged: false, IsInputOutput: false, IsSaveRestore: false, MayRequireCpl0: false }
            && instruction.FlowControl == FlowControl.Next
            && !instruction.IsStringInstruction
            && instruction.Mnemonic is not (Mnemonic.Enter or Mnemonic.Leave or Mnemonic.Rdtsc or Mnemonic.Rdtscp
                or Mnemonic.Std or Mnemonic.Pause or Mnemonic.Maskmovq or Mnemonic.Maskmovdqu or Mnemonic.Ldmxcsr
                or Mnemonic.Popfq or Mnemonic.Popf or Mnemonic.Monitor or Mnemonic.Mwait or Mnemonic.Swapgs
                or Mnemonic.Clzero or Mnemonic.Xlatb)
            && !Enumerable.Range(0, info.OpCount).Any(i => info.GetOpKind(i) is OpCodeOperandKind.seg_reg
                or OpCodeOperandKind.mem_offs or OpCodeOperandKind.fs or OpCodeOperandKind.gs);
    }

    private static Instruction Randomize(Instruction instruction, ref Prng random)
    {
        OpCodeInfo info = instruction.Code.ToOpCode();
        for (int i = 0; i < instruction.OpCount; i++)
        {
            switch (instruction.GetOpKind(i))
            {
                case OpKind.Memory:
                    instruction.MemoryBase = Register.R15;
                    instruction.MemoryIndex = random.NextBelow(2) == 0 ? Register.None : Register.R14;
                    instruction.MemoryIndexScale = 1 << (int)random.NextBelow(4);
                    // Mostly on the boundaries that some SSE instructions want.
                    instruction.MemoryDisplacement64 =
                        random.NextBelow(DisplacementMax) & (random.NextBelow(4) == 0 ? ulong.MaxValue : ~15UL);
                    instruction.MemoryDisplSize = 8;
                    break;
                case OpKind.Register when !IsFixed(info.GetOpKind(i)):
                    instruction.SetOpRegister(i, Another(instruction.GetOpRegister(i), ref random));
                    break;
                case OpKind.Immediate8 or OpKind.Immediate8to16 or OpKind.Immediate8to32 or OpKind.Immediate8to64
                    when info.GetOpKind(i) != OpCodeOperandKind.imm8_const_1:
                    instruction.SetImmediate(i, (sbyte)random.NextUInt64());
                    break;
            }
        }

        return instruction;
    }

    private static bool IsFixed(OpCodeOperandKind kind) =>
        kind is OpCodeOperandKind.al or OpCodeOperandKind.cl or OpCodeOperandKind.ax or OpCodeOperandKind.dx
            or OpCodeOperandKind.eax or OpCodeOperandKind.rax or OpCodeOperandKind.st0;

    private static Register Another(Register register, ref Prng random)
    {
        // RSP, R14 and R15 keep their values; of the byte registers also AH..BH are taken.
        var number = (int)random.NextBelow(13);
        number = number >= 4 ? number + 1 : number;
        return register switch
        {
            >= Register.AL and <= Register.R15L => Register.AL + (int)random.NextBelow(8),
            >= Register.AX and <= Register.R15W => Register.AX + number,
            >= Register.EAX and <= Register.R15D => Register.EAX + number,
            >= Register.RAX and <= Register.R15 => Register.RAX + number,
            >= Register.XMM0 and <= Register.XMM15 => Register.XMM0 + (int)random.NextBelow(16),
            >= Register.MM0 and <= Register.MM7 => Register.MM0 + (int)random.NextBelow(8),
            _ => register,
        };
    }

    private sealed class BytesWriter : CodeWriter
    {
        public List<byte> Bytes { get; } = [];

        public override void WriteByte(byte value) => Bytes.Add(value);
    }
}
