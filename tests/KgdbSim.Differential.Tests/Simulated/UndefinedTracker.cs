using Iced.Intel;
using KgdbSim.Differential.Tests.Generation;
using KgdbSim.Differential.Tests.Snippets;
using KgdbSim.Target.Cpu;

namespace KgdbSim.Differential.Tests.Simulated;

/// <summary>
/// Follows a snippet's instructions and keeps what is undefined after each: the union of what the SDM (vol. 2) and the APM
/// (vol. 3) leave open, for the operands that the instruction really has. A snippet that goes on to use something
/// undefined cannot be compared.
/// </summary>
internal sealed unsafe class UndefinedTracker
{
    private readonly ByteArrayCodeReader _reader;
    private readonly byte[] _bytes = new byte[Layout.SnippetMax + 16];
    private readonly Decoder _decoder;
    private readonly InstructionInfoFactory _info = new();
    private Instruction _instruction;
    private ulong _start;
    private ulong _end;
    private Undefined _now;
    private Undefined _next;

    public UndefinedTracker(bool amd)
    {
        _reader = new ByteArrayCodeReader(_bytes);
        _decoder = Decoder.Create(64, _reader, amd ? DecoderOptions.AMD : DecoderOptions.None);
    }

    /// <summary>Which instructions both processors have; null: all.</summary>
    public CodeCatalog? Catalog { get; set; }

    /// <summary>What is undefined now.</summary>
    public Undefined Result => _now;

    /// <summary>The instruction executed last; default if it was not one of the snippet's.</summary>
    public Instruction Last => _instruction;

    public void Start(Snippet snippet)
    {
        _now = default;
        _start = snippet.State.Rip;
        _end = _start + (ulong)snippet.Code.Length;
        snippet.Code.CopyTo(_bytes, 0);
        _bytes.AsSpan(snippet.Code.Length).Fill(Layout.Filler);
    }

    /// <summary>Before the instruction at RIP.</summary>
    public void Before(CpuState* s)
    {
        _next = _now;
        if (s->Rip < _start || s->Rip >= _end)
        {
            _instruction = default;
            return;
        }

        _reader.Position = (int)(s->Rip - _start);
        _decoder.IP = s->Rip;
        _decoder.Decode(out _instruction);
        if (_instruction.IsInvalid)
        {
            return;
        }

        if (Catalog?.MayRun(_instruction) == false)
        {
            _next.Unusable = Exclusions.Reason(_instruction) ?? $"only one side has {_instruction.Mnemonic}";
        }

        _next.Unusable ??= Peculiarities.Reason(_instruction, s);

        Uses(_instruction);
        UndefinedRules.Apply(_instruction, s, ref _next);
    }

    /// <summary>After it; an instruction that faulted has changed nothing.</summary>
    public void After(bool completed)
    {
        string? unusable = _next.Unusable;
        if (completed)
        {
            _now = _next;
        }

        _now.Unusable = unusable;
    }

    private void Uses(in Instruction instruction)
    {
        ulong read = RflagsMask.Flags(instruction.RflagsRead);
        ushort status = RflagsMask.Status(instruction.RflagsRead);
        if ((read & _now.Flags) != 0 || (status & _now.Status) != 0
            || (_now.Status != 0 && UndefinedRules.StoresStatus(instruction.Mnemonic)))
        {
            _next.Unusable = $"{instruction.Mnemonic} uses undefined flags";
        }

        if (_now.Gpr != 0)
        {
            UsesRegisters(instruction);
        }
    }

    private void UsesRegisters(in Instruction instruction)
    {
        foreach (UsedRegister used in _info.GetInfo(instruction).GetUsedRegisters())
        {
            if (used.Register.IsGPR() && (_now.Gpr & (1u << used.Register.GetFullRegister().GetNumber())) != 0)
            {
                _next.Unusable = $"{instruction.Mnemonic} uses an undefined register";
            }
        }
    }
}
