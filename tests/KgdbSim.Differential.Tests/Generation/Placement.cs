using Iced.Intel;
using KgdbSim.Differential.Tests.Snippets;

namespace KgdbSim.Differential.Tests.Generation;

/// <summary>
/// Puts addresses, counts and memory contents in place so that an instruction's operands are where something is, and
/// branches, returns and comparisons have a chance to succeed.
/// </summary>
internal sealed unsafe class Placement(bool amd)
{
    private const int Rax = 0, Rdx = 2, Rbx = 3, Rsp = 4, Rbp = 5, Rsi = 6, Rdi = 7;

    private readonly CodeDecoder _decoder = new(amd);
    private int _bits;
    private Dice _dice = new(0);
    private RegisterPolicy _policy = RegisterPolicy.Any;
    private ulong _window;
    private byte[] _memory = [];
    private Instruction _instruction;
    private ulong _target;

    /// <param name="bits">Of the code: 16, 32 or 64.</param>
    public void Begin(Dice dice, ulong window, byte[] memory, RegisterPolicy policy, int bits)
    {
        _bits = bits;
        _dice = dice;
        _window = window;
        _memory = memory;
        _policy = policy;
    }

    /// <summary>Gives the policy's pointers addresses in the middle of the window.</summary>
    public void Pointers(MachineState* state)
    {
        foreach (int register in _policy.Pointers)
        {
            state->Gpr[register] = _window + (ulong)(_memory.Length / 4 + _dice.Below(_memory.Length / 2))
                - Base(state, register == Rbp ? Register.SS : Register.DS);
        }
    }

    /// <summary>Makes the explicit memory operand or the branch of one instruction lead to a chosen address.</summary>
    public void Place(MachineState* state, ulong rip, in InstructionBytes bytes)
    {
        _decoder.Fill(bytes.Bytes);
        _decoder.Decode(0, rip, _bits, out _instruction);
        ulong next = rip + (ulong)bytes.Length;
        if (bytes.RelativeBranch)
        {
            ulong to = _dice.Percent(75) ? CodeOffset(state) : _dice.Word();
            bytes.Patch(bytes.RelativeAt, to - next, bytes.RelativeBytes);
            return;
        }

        if (!bytes.HasMemory)
        {
            return;
        }

        _target = Targets.Choose(_dice, _window, _memory.Length, Math.Clamp(_instruction.MemorySize.GetSize(), 0, _memory.Length));
        ulong offset = _target - Base(state, _instruction.MemorySegment);
        if (bytes.RelativeAt >= 0)
        {
            bytes.Patch(bytes.RelativeAt, offset - next, 4);
        }
        else if (bytes.AbsoluteAt >= 0)
        {
            bytes.Patch(bytes.AbsoluteAt, offset, bytes.AbsoluteBytes);
        }
        else if (_instruction.IsVsib)
        {
            Gather(state, bytes);
        }
        else
        {
            Solve(state, offset, bytes);
        }
    }

    /// <summary>Puts the base into the window, and lanes of the index register mostly near it.</summary>
    private void Gather(MachineState* state, in InstructionBytes bytes)
    {
        if (bytes.Base >= 0)
        {
            state->Gpr[bytes.Base] = _window + (ulong)(_memory.Length / 2) - (ulong)(long)bytes.Displacement;
        }

        bool wide = _instruction.IsVsib64;
        var lanes = new Span<byte>(&state->Vector[MachineState.VectorWords * bytes.Index], 8 * MachineState.VectorWords);
        int reach = _memory.Length >> (1 + bytes.Scale);
        for (int at = 0; at < lanes.Length && _dice.Percent(97); at += wide ? 8 : 4)
        {
            long lane = _dice.Below(2 * reach) - reach;
            _ = wide ? BitConverter.TryWriteBytes(lanes[at..], lane) : BitConverter.TryWriteBytes(lanes[at..], (int)lane);
        }
    }

    /// <summary>What an instruction uses beside its written operands.</summary>
    public void ImplicitOperands(MachineState* state)
    {
        if (_instruction.IsStringInstruction)
        {
            StateMaker.Count(_dice, state);
            int size = Math.Max(1, _instruction.MemorySize.GetSize());
            ulong from = Targets.Choose(_dice, _window, _memory.Length, size);
            ulong to = _dice.Percent(25)
                ? from + (ulong)_dice.Below(17) - 8
                : Targets.Choose(_dice, _window, _memory.Length, size);
            Register source = _instruction.SegmentPrefix != Register.None ? _instruction.SegmentPrefix : Register.DS;
            state->Gpr[Rsi] = from - Base(state, source);
            state->Gpr[Rdi] = to - Base(state, Register.ES);
        }

        switch (_instruction.Mnemonic)
        {
            case Mnemonic.Xlatb:
                state->Gpr[Rbx] = _window - (byte)state->Gpr[Rax] + (ulong)_dice.Below(_memory.Length) - Base(state, Register.DS);
                break;
            case Mnemonic.Maskmovq or Mnemonic.Maskmovdqu:
                state->Gpr[Rdi] = Targets.Choose(_dice, _window, _memory.Length, 16) - Base(state, Register.DS);
                break;
            case Mnemonic.Loop or Mnemonic.Loope or Mnemonic.Loopne or Mnemonic.Jrcxz or Mnemonic.Jecxz or Mnemonic.Jcxz:
                StateMaker.Count(_dice, state);
                break;
            case Mnemonic.Div or Mnemonic.Idiv:
                // Or nearly every quotient would be too large.
                state->Gpr[Rdx] = _dice.Weighted([40, 30, 30]) switch
                {
                    0 => 0,
                    1 => (ulong)((long)state->Gpr[Rax] >> 63),
                    _ => state->Gpr[Rdx],
                };
                break;
            case Mnemonic.Cmpxchg or Mnemonic.Cmpxchg8b or Mnemonic.Cmpxchg16b when _dice.Percent(50):
                int half = _instruction.Mnemonic == Mnemonic.Cmpxchg8b ? 4 : 8;
                state->Gpr[Rax] = Peek(_target, half);
                state->Gpr[Rdx] = Peek(_target + (ulong)half, half);
                break;
            case Mnemonic.Lss or Mnemonic.Lfs or Mnemonic.Lgs:
                Poke(_target + (ulong)OperandBytes(), Selector(_dice, 0x2B), 2);
                break;
            case Mnemonic.Lar or Mnemonic.Lsl or Mnemonic.Verr or Mnemonic.Verw:
                Source(state, _instruction.OpCount - 1);
                break;
            case Mnemonic.Mov when _instruction.Op0Register.IsSegmentRegister():
                Source(state, 1);
                break;
        }

        Transfers(state);
    }

    /// <summary>Puts a selector into an operand.</summary>
    private void Source(MachineState* state, int operand)
    {
        ulong selector = Selector(_dice, 0x2B);
        if (_instruction.GetOpKind(operand) == OpKind.Register)
        {
            state->Gpr[_instruction.GetOpRegister(operand).GetFullRegister().GetNumber()] = selector;
        }
        else
        {
            Poke(_target, selector, 2);
        }
    }

    private void Transfers(MachineState* state)
    {
        if (_instruction.FlowControl is not (FlowControl.IndirectBranch or FlowControl.IndirectCall or FlowControl.Return)
            || !_dice.Percent(85))
        {
            return;
        }

        bool pops = _instruction.FlowControl == FlowControl.Return;
        if (!pops && _instruction.Op0Kind == OpKind.Register)
        {
            state->Gpr[_instruction.Op0Register.GetFullRegister().GetNumber()] = CodeOffset(state);
            return;
        }

        bool far = _instruction.Mnemonic is Mnemonic.Retf or Mnemonic.Iret or Mnemonic.Iretd or Mnemonic.Iretq
            || _instruction.IsJmpFarIndirect || _instruction.IsCallFarIndirect;
        int size = Math.Max(2, far && !pops ? _instruction.MemorySize.GetSize() - 2 : OperandBytes());
        ulong at = pops ? state->Gpr[Rsp] + Base(state, Register.SS) : _target;
        Poke(at, CodeOffset(state), size);
        if (far)
        {
            FarRest(state, at + (ulong)size, pops ? size : 2);
        }
    }

    /// <summary>CS behind the offset, and for IRET flags, RSP and SS behind it.</summary>
    private void FarRest(MachineState* state, ulong at, int slot)
    {
        Poke(at, Selector(_dice, state->Cs), slot);
        Poke(at + (ulong)slot, 0x202 | (_dice.Word() & 0x24_4DD5), slot);
        Poke(at + 2 * (ulong)slot, state->Gpr[Rsp], slot);
        Poke(at + 3 * (ulong)slot, Selector(_dice, state->Ss), slot);
    }

    /// <summary>A selector, mostly <paramref name="usual"/>, else one that Linux has a descriptor for or not.</summary>
    public static ulong Selector(Dice dice, ulong usual) => dice.Weighted([60, 25, 15]) switch
    {
        0 => usual,
        1 => dice.Pick<ulong>([0, 3, 0x23, 0x2B, 0x33, 0x08, 0x10, 0x18, 0x1B, 0x30, 0x28, 0x43, 0xFFF0]),
        _ => Segments.Selector(dice.Below(Segments.Local.Length + 1)),
    };

    private ulong CodeOffset(MachineState* state) => Values.CodeAddress(_dice) - Segments.BaseOf(state->Cs);

    /// <summary>Base of the segment that an operand is in.</summary>
    private ulong Base(MachineState* state, Register segment) => segment switch
    {
        Register.GS => state->GsBase,
        Register.FS => state->FsBase,
        _ when _bits == 64 => 0,
        Register.ES => Segments.BaseOf(state->Es),
        Register.CS => Segments.BaseOf(state->Cs),
        Register.SS => Segments.BaseOf(state->Ss),
        _ => Segments.BaseOf(state->Ds),
    };

    private int OperandBytes() => _instruction.Code.ToOpCode().OperandSize switch
    {
        16 => 2,
        32 => 4,
        64 => 8,
        _ => _bits / 8,
    };

    private void Solve(MachineState* state, ulong offset, in InstructionBytes bytes)
    {
        if (!_policy.Pointers.IsEmpty)
        {
            return;
        }

        ulong rest = offset - (ulong)(long)bytes.Displacement;
        if (bytes.Base >= 0)
        {
            bool same = bytes.Base == bytes.Index;
            rest -= bytes.Index >= 0 && !same ? state->Gpr[bytes.Index] << bytes.Scale : 0;
            state->Gpr[bytes.Base] = same ? rest / (1 + (1UL << bytes.Scale)) : rest;
        }
        else if (bytes.Index >= 0)
        {
            state->Gpr[bytes.Index] = rest >> bytes.Scale;
        }
    }

    private ulong Peek(ulong address, int size)
    {
        Span<byte> raw = stackalloc byte[8];
        raw.Clear();
        if (address - _window <= (ulong)(_memory.Length - size))
        {
            _memory.AsSpan((int)(address - _window), size).CopyTo(raw);
        }

        return BitConverter.ToUInt64(raw);
    }

    private void Poke(ulong address, ulong value, int size)
    {
        if (address - _window <= (ulong)(_memory.Length - size))
        {
            BitConverter.GetBytes(value).AsSpan(0, size).CopyTo(_memory.AsSpan((int)(address - _window)));
        }
    }
}
