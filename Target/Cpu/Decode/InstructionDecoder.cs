using Iced.Intel;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Cpu.Instructions;

namespace KgdbSim.Target.Cpu.Decode;

/// <summary>How decoding one instruction ended.</summary>
internal enum DecodeResult
{
    Ok,

    /// <summary>The bytes end before the instruction does.</summary>
    NeedMoreBytes,

    /// <summary>Longer than 15 bytes: #GP(0) (SDM vol. 3, 6.15).</summary>
    TooLong,

    /// <summary>No such instruction, or none that this processor has: #UD.</summary>
    Invalid,
}

/// <summary>Turns bytes into <see cref="DecodedOp"/>s; the one place that runs Iced's decoder.</summary>
internal sealed unsafe class InstructionDecoder
{
    /// <summary>Longest instruction (SDM vol. 2, 2.3.11).</summary>
    public const int LengthMax = 15;

    private readonly PointerReader _reader = new();
    private readonly InstructionTable _table;
    private readonly CpuModel _model;
    private readonly Decoder[] _decoders;

    public InstructionDecoder(InstructionTable table, CpuModel model)
    {
        _table = table;
        _model = model;

        // 0F 0D and 0F 18..1F hold hints, all of them NOPs here, those too that Iced has no name for.
        DecoderOptions options = DecoderOptions.ForceReservedNop
            | (model.Vendor == CpuVendor.Amd ? DecoderOptions.AMD : DecoderOptions.None);
        _decoders =
        [
            Decoder.Create(16, _reader, options),
            Decoder.Create(32, _reader, options),
            Decoder.Create(64, _reader, options),
        ];
    }

    /// <summary>Decodes the instruction at <paramref name="bytes"/>.</summary>
    /// <param name="available">Bytes that may be read; 15 or more never run short.</param>
    /// <param name="op">Everything but <see cref="DecodedOp.Handler"/> and <see cref="DecodedOp.Remaining"/> is
    /// filled in, <see cref="DecodedOp.Execute"/> also for an invalid one.</param>
    /// <param name="flow">How control leaves the instruction.</param>
    public DecodeResult Decode(byte* bytes, int available, ulong rip, BlockMode mode, DecodedOp* op, out FlowControl flow)
    {
        Decoder decoder = _decoders[(int)(mode & ~BlockMode.Single)];
        _reader.Reset(bytes, Math.Min(available, LengthMax));
        decoder.IP = rip;
        decoder.Decode(out Instruction instruction);
        *op = default;
        op->Rip = rip;
        flow = instruction.FlowControl;
        if (instruction.IsInvalid)
        {
            if (decoder.LastError == DecoderError.NoMoreBytes)
            {
                return available < LengthMax ? DecodeResult.NeedMoreBytes : DecodeResult.TooLong;
            }

            if (instruction.Length == LengthMax && RunsOver(bytes, decoder))
            {
                return DecodeResult.TooLong;
            }

            flow = FlowControl.Exception;
            op->Execute = &Undefined;
            op->Length = (byte)Math.Max(1, instruction.Length);
            return DecodeResult.Invalid;
        }

        if (DecoderCorrections.IsExchange(instruction, new ReadOnlySpan<byte>(bytes, instruction.Length)))
        {
            instruction = Exchange(new ReadOnlySpan<byte>(bytes, instruction.Length), decoder, rip);
        }

        op->Length = (byte)instruction.Length;
        bool known = CpuidGate.Allows(_model, instruction.Code) && !DecoderCorrections.IsUndefined(_model, instruction);
        op->Execute = known ? _table.Find(instruction.Code, OperandPlan.WidthLog2(instruction)) : null;
        if (op->Execute == null)
        {
            op->Execute = &Undefined;
            flow = FlowControl.Exception;
            return DecodeResult.Invalid;
        }

        // Not before: registers that no model has, as AVX-512's, have no operand kind either.
        OperandPlan.Fill(instruction, mode, op);
        op->Imm = X87Opcode.In(new ReadOnlySpan<byte>(bytes, op->Length)) ?? op->Imm;
        if (mode.HasFlag(BlockMode.Bits64))
        {
            DecoderCorrections.NoteWideFarCall(instruction, new ReadOnlySpan<byte>(bytes, op->Length), op);
        }

        Code = instruction.Code;
        return DecodeResult.Ok;
    }

    /// <summary>The encoding of the instruction decoded last.</summary>
    public Code Code { get; private set; }

    /// <summary>Decodes <paramref name="bytes"/> for a person to read, in Iced's notion of the manual's syntax.</summary>
    public static string Disassemble(ReadOnlySpan<byte> bytes, ulong rip, int bits)
    {
        var decoder = Decoder.Create(bits, new ByteArrayCodeReader(bytes.ToArray()), rip);
        var output = new StringOutput();
        new IntelFormatter().Format(decoder.Decode(), output);
        return output.ToStringAndReset();
    }

    private Instruction Exchange(ReadOnlySpan<byte> bytes, Decoder decoder, ulong rip)
    {
        byte* plain = stackalloc byte[LengthMax];
        DecoderCorrections.WithoutRepeat(bytes, new Span<byte>(plain, LengthMax));
        _reader.Reset(plain, bytes.Length);
        decoder.IP = rip;
        decoder.Decode(out Instruction instruction);
        return instruction;
    }

    /// <summary>
    /// Of an instruction that isn't valid within 15 bytes: it would be if it were not for that limit. Only one with
    /// repeated prefixes can be so long, so it is decoded without the repetitions; what follows the 15 bytes counts as 0.
    /// </summary>
    private bool RunsOver(byte* bytes, Decoder decoder)
    {
        byte* shorter = stackalloc byte[2 * LengthMax];
        new Span<byte>(shorter, 2 * LengthMax).Clear();
        int prefixes = 0;
        while (prefixes < LengthMax && IsLegacyPrefix(bytes[prefixes]))
        {
            prefixes++;
        }

        int kept = 0;
        for (int i = 0; i < LengthMax; i++)
        {
            bool repeated = i < prefixes && new ReadOnlySpan<byte>(bytes + i + 1, prefixes - i - 1).Contains(bytes[i]);
            if (!repeated)
            {
                shorter[kept++] = bytes[i];
            }
        }

        if (prefixes == LengthMax)
        {
            return true;
        }

        _reader.Reset(shorter, LengthMax);
        decoder.Decode(out Instruction instruction);
        return !instruction.IsInvalid && instruction.Length > kept;
    }

    private static bool IsLegacyPrefix(byte value) =>
        value is 0x26 or 0x2E or 0x36 or 0x3E or 0x64 or 0x65 or 0x66 or 0x67 or 0xF0 or 0xF2 or 0xF3;

    private static StepStatus Undefined(CpuCore cpu, DecodedOp* op) => cpu.InvalidOpcode();

    private sealed class PointerReader : CodeReader
    {
        private byte* _next;
        private byte* _end;

        public void Reset(byte* bytes, int count)
        {
            _next = bytes;
            _end = bytes + count;
        }

        public override int ReadByte() => _next < _end ? *_next++ : -1;
    }
}
