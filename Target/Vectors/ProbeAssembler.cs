using System.Buffers.Binary;
using System.Globalization;

namespace KgdbSim.Target.Vectors;

/// <summary>
/// Assembles the bodies of kernel probes: a small part of AT&amp;T syntax, encoded as GNU as does, since the recorded
/// offsets depend on lengths. Macros: TFON and TFOFF set and clear TF, IRETQ(flags) returns to what follows it.
/// </summary>
internal sealed class ProbeAssembler(ulong origin, ulong buffer, ulong output)
{
    private const StringSplitOptions Trimmed = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;

    private static readonly string[] Registers64 = ["rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi"];
    private static readonly string[] Registers32 = ["eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"];

    private static readonly Dictionary<string, byte[]> Fixed = new()
    {
        ["nop"] = [0x90],
        ["int3"] = [0xCC],
        ["int $1"] = [0xCD, 0x01],
        [".byte 0xf1"] = [0xF1],
        ["cli"] = [0xFA],
        ["sti"] = [0xFB],
        ["ud2"] = [0x0F, 0x0B],
        ["rdmsr"] = [0x0F, 0x32],
        ["wrmsr"] = [0x0F, 0x30],
        ["wbinvd"] = [0x0F, 0x09],
        ["swapgs"] = [0x0F, 0x01, 0xF8],
        ["cpuid"] = [0x0F, 0xA2],
        ["pushfq"] = [0x9C],
        ["popfq"] = [0x9D],
        ["push %rbx"] = [0x53],
        ["pop %rbx"] = [0x5B],
        ["rep outsb"] = [0xF3, 0x6E],
        ["rep stosb"] = [0xF3, 0xAA],
        ["xor %eax,%eax"] = [0x31, 0xC0],
        ["shl $32,%rax"] = [0x48, 0xC1, 0xE0, 0x20],
        ["sub $16,%rsp"] = [0x48, 0x83, 0xEC, 0x10],
        ["add $16,%rsp"] = [0x48, 0x83, 0xC4, 0x10],
        ["sgdt (%rsp)"] = [0x0F, 0x01, 0x04, 0x24],
        ["lgdt (%rsp)"] = [0x0F, 0x01, 0x14, 0x24],
        ["mov %ss,%eax"] = [0x8C, 0xD0],
        ["mov %eax,%ss"] = [0x8E, 0xD0],
    };

    private readonly List<byte> _bytes = [];

    /// <exception cref="FormatException">Something that this doesn't know.</exception>
    public byte[] Assemble(string body)
    {
        foreach (string part in Parts(body))
        {
            switch (part)
            {
                case "TFON":
                    Emit(0x9C, 0x81, 0x0C, 0x24, 0x00, 0x01, 0x00, 0x00, 0x9D);
                    break;
                case "TFOFF":
                    Emit(0x9C, 0x81, 0x24, 0x24, 0xFF, 0xFE, 0xFF, 0xFF, 0x9D);
                    break;
                case var _ when part.StartsWith("IRETQ", StringComparison.Ordinal):
                    InterruptReturn(Number(part[6..^1].Trim('"')));
                    break;
                default:
                    Instruction(part);
                    break;
            }
        }

        return [.. _bytes];
    }

    /// <summary>Text outside quotes is macros, inside it instructions with semicolons between.</summary>
    private static IEnumerable<string> Parts(string body)
    {
        int at = 0;
        while (at < body.Length)
        {
            if (body[at] == ' ')
            {
                at++;
            }
            else if (body[at] == '"')
            {
                int end = body.IndexOf('"', at + 1);
                foreach (string part in body[(at + 1)..end].Split(';', Trimmed))
                {
                    yield return part.StartsWith("1:", StringComparison.Ordinal) ? part[2..].Trim() : part;
                }

                at = end + 1;
            }
            else
            {
                int end = body.IndexOf(body[at] == 'I' ? ')' : ' ', at);
                end = end < 0 ? body.Length : body[at] == 'I' ? end + 1 : end;
                yield return body[at..end];
                at = end;
            }
        }
    }

    private void Instruction(string text)
    {
        if (Fixed.TryGetValue(text, out byte[]? known))
        {
            Emit(known);
            return;
        }

        int space = text.IndexOf(' ');
        string mnemonic = space < 0 ? text : text[..space];
        string[] operands = space < 0 ? [] : text[(space + 1)..].Split(',', StringSplitOptions.TrimEntries);
        switch (mnemonic)
        {
            case "mov" or "movw":
                Move(operands[0], operands[1]);
                break;
            case "lea":
                Relative([0x48, 0x8D], Register64(operands[1]), operands[0]);
                break;
            case "invlpg":
                Relative([0x0F, 0x01], 7, operands[0]);
                break;
            case "outb":
                Emit(0xE6, (byte)Number(operands[1][1..]));
                break;
            case "outw":
                Emit(0x66, 0xE7, (byte)Number(operands[1][1..]));
                break;
            case "inb":
                Emit(0xE4, (byte)Number(operands[0][1..]));
                break;
            case "or" when operands[1] == "%rax":
                Emit(0x48, 0x0D);
                Immediate32(Number(operands[0][1..]));
                break;
            case "orl" when operands[1] == "(%rsp)":
                OrFlags(Number(operands[0][1..]));
                break;
            default:
                throw new FormatException($"a probe's body has an unknown instruction: {text}");
        }
    }

    private void Move(string source, string destination)
    {
        if (source[0] == '$')
        {
            MoveImmediate(Number(source[1..]), destination[1..]);
        }
        else if (System(source, out byte fromOpcode, out int fromNumber))
        {
            Emit(0x0F, fromOpcode, (byte)(0xC0 | (fromNumber << 3) | Register64(destination)));
        }
        else if (System(destination, out byte toOpcode, out int toNumber))
        {
            Emit(0x0F, (byte)(toOpcode + 2), (byte)(0xC0 | (toNumber << 3) | Register64(source)));
        }
        else if (destination[0] != '%')
        {
            ReadOnlySpan<byte> opcode = source switch { "%al" => [0x88], "%ss" => [0x8C], _ => [0x48, 0x89] };
            Relative(opcode, source == "%ss" ? 2 : 0, destination);
        }
        else
        {
            bool segment = destination == "%ss";
            Relative(segment ? [0x8E] : [0x48, 0x8B], segment ? 2 : Register64(destination), source);
        }
    }

    private void MoveImmediate(ulong value, string register)
    {
        int wide = Array.IndexOf(Registers64, register);
        int narrow = Array.IndexOf(Registers32, register);
        if (wide >= 0)
        {
            Emit(0x48, 0xC7, (byte)(0xC0 | wide));
            Immediate32(value);
        }
        else if (narrow >= 0)
        {
            Emit((byte)(0xB8 | narrow));
            Immediate32(value);
        }
        else if (register == "al")
        {
            Emit(0xB0, (byte)value);
        }
        else if (register == "ax")
        {
            Emit(0x66, 0xB8, (byte)value, (byte)(value >> 8));
        }
        else
        {
            throw new FormatException($"a probe's body has an unknown register: {register}");
        }
    }

    private static bool System(string operand, out byte opcode, out int number)
    {
        bool debug = operand.StartsWith("%dr", StringComparison.Ordinal);
        bool control = operand.StartsWith("%cr", StringComparison.Ordinal);
        opcode = debug ? (byte)0x21 : (byte)0x20;
        number = debug || control ? operand[3] - '0' : 0;
        return debug || control;
    }

    private static int Register64(string operand) => Array.IndexOf(Registers64, operand[1..]);

    private void OrFlags(ulong value)
    {
        if (value < 0x80)
        {
            Emit(0x83, 0x0C, 0x24, (byte)value);
        }
        else
        {
            Emit(0x81, 0x0C, 0x24);
            Immediate32(value);
        }
    }

    /// <summary>SS, RSP, RFLAGS with these bits set, CS and the address behind pushed, then IRETQ.</summary>
    private void InterruptReturn(ulong flags)
    {
        Emit(0x48, 0x89, 0xE0, 0x8C, 0xD2, 0x52, 0x50, 0x9C);
        OrFlags(flags);
        Emit(0x8C, 0xCA, 0x52, 0x48, 0x8D, 0x05, 0x03, 0x00, 0x00, 0x00, 0x50, 0x48, 0xCF);
    }

    /// <summary>An instruction with a RIP-relative operand, its opcode before ModRM, which is its last part.</summary>
    private void Relative(ReadOnlySpan<byte> opcode, int register, string operand)
    {
        string symbol = operand[..operand.IndexOf('(')];
        string[] sum = symbol.Split('+');
        ulong target = (sum[0] == "buf" ? buffer : output) + (sum.Length > 1 ? Number(sum[1]) : 0);
        Emit(opcode);
        Emit((byte)(0x05 | (register << 3)));
        Immediate32(target - (origin + (ulong)_bytes.Count + 4));
    }

    private void Immediate32(ulong value)
    {
        Span<byte> raw = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(raw, (uint)value);
        Emit(raw);
    }

    private void Emit(params ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);

    private static ulong Number(string text) => text.StartsWith("0x", StringComparison.Ordinal)
        ? ulong.Parse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
        : ulong.Parse(text, CultureInfo.InvariantCulture);
}
