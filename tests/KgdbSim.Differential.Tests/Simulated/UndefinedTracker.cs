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
internal sealed unsafe class UndefinedTracker(bool amd)
{
    private readonly CodeDecoder _decoder = new(amd);
    private readonly InstructionInfoFactory _info = new();
    private Instruction _instruction;
    private ulong _start;
    private ulong _end;
    private Undefined _now;
    private Undefined _next;

    /// <summary>Which instructions both processors have; null: all.</summary>
    public CodeCatalog? Catalog { get; set; }

    /// <summary>What is undefined now.</summary>
    public Undefined Result => _now;

    /// <summary>The instruction executed last; default if it was not one of the snippet's.</summary>
    public Instruction Last => _instruction;

    public void Start(Snippet snippet)
    {
        _now = default;
        _start = snippet.CodeAddress;
        _end = _start + (ulong)snippet.Code.Length;
        _decoder.Fill(snippet.Code);
    }

    /// <summary>Before the instruction at RIP.</summary>
    public void Before(CpuState* s)
    {
        _next = _now;
        _next.UpperHalves |= !s->Is64Bit;
        if (_now.UpperHalves && s->Is64Bit && Snippets.Segments.IsSmall(s->Ss.Selector))
        {
            // Linux leaves a 16-bit stack pointer's upper half as it comes: arch/x86/entry/entry_64.S, espfix.
            _next.Unusable = "64-bit mode with a 16-bit stack segment";
        }

        ulong linear = s->Is64Bit ? s->Rip : (uint)(s->Cs.Base + s->Rip);
        if (linear < _start || linear >= _end)
        {
            _instruction = default;
            return;
        }

        _decoder.Decode((int)(linear - _start), s->Rip, s->Is64Bit ? 64 : s->Cs.Big ? 32 : 16, out _instruction);
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
