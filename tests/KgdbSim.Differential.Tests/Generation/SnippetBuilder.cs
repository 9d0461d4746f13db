using Iced.Intel;
using KgdbSim.Differential.Tests.Snippets;

namespace KgdbSim.Differential.Tests.Generation;

/// <summary>Builds snippets: instructions of a family, and a state in which they have something to do.</summary>
internal sealed unsafe class SnippetBuilder(CodeCatalog catalog, bool amd)
{
    /// <summary>Most instructions of a sequence.</summary>
    public const int SequenceMax = 8;

    private readonly byte[] _code = new byte[Layout.SnippetMax + InstructionMax];
    private readonly Placement _placement = new(amd);

    /// <summary>One instruction of a family, with everything that its operands could meet.</summary>
    public Snippet Single(Family family, int bits, ulong entropy)
    {
        var dice = new Dice(entropy);
        MachineState state = Start(dice, family, bits, out ulong window, out byte[] memory);
        Code code = dice.Pick(catalog.Of(bits, family));
        var bytes = new InstructionBytes(_code);
        InstructionWriter.Write(code, bits, dice, RegisterPolicy.Any, noise: 12, ref bytes);
        AtPageEnd(dice, &state, bytes.Length);
        _placement.Begin(dice, window, memory, RegisterPolicy.Any, bits);
        _placement.Place(&state, state.Rip, bytes);
        _placement.ImplicitOperands(&state);
        return Finish(bytes.Length, state, window, memory);
    }

    /// <summary>Up to <see cref="SequenceMax"/> instructions, mostly of one family, that hand values and flags on.</summary>
    public Snippet Sequence(Family family, int bits, ulong entropy)
    {
        var dice = new Dice(entropy);
        MachineState state = Start(dice, family, bits, out ulong window, out byte[] memory);
        RegisterPolicy policy = RegisterPolicy.ForSequence(dice);
        _placement.Begin(dice, window, memory, policy, bits);
        _placement.Pointers(&state);
        StateMaker.Count(dice, &state);
        int count = 2 + dice.Below(SequenceMax - 1);
        int length = 0;
        Span<int> starts = stackalloc int[SequenceMax + 1];
        Span<int> branches = stackalloc int[SequenceMax];
        int written = 0;
        int branchCount = 0;
        while (written < count && length <= Layout.SnippetMax - InstructionMax)
        {
            var bytes = new InstructionBytes(_code.AsSpan(length));
            InstructionWriter.Write(Chained(dice, family, bits), bits, dice, policy, noise: 4, ref bytes);
            if (length + bytes.Length > Layout.SnippetMax)
            {
                // Needless prefixes can make one longer than any instruction may be.
                break;
            }

            _placement.Place(&state, state.Rip + (ulong)length, bytes);
            starts[written++] = length;
            length += bytes.Length;
            if (bytes.RelativeBranch && bytes.RelativeBytes == 1)
            {
                branches[branchCount++] = length;
            }
        }

        starts[written] = length;
        foreach (int behind in branches[..branchCount])
        {
            Aim(dice, behind, starts[..(written + 1)]);
        }

        return Finish(length, state, window, memory);
    }

    /// <summary>Any bytes at all behind some prefixes.</summary>
    public Snippet AnyBytes(int bits, ulong entropy)
    {
        var dice = new Dice(entropy);
        var family = (Family)dice.Below(Enum.GetValues<Family>().Length);
        MachineState state = Start(dice, family, bits, out ulong window, out byte[] memory);
        int length = 0;
        for (int prefixes = dice.Percent(50) ? dice.Below(3) : 0; prefixes > 0; prefixes--)
        {
            _code[length++] = dice.Pick<byte>([0x66, 0x67, 0xF2, 0xF3, 0xF0, 0x2E, 0x36, 0x3E, 0x26, 0x64, 0x65]);
        }

        if (dice.Percent(30))
        {
            _code[length++] = (byte)(0x40 | dice.Below(16));
        }

        if (dice.Percent(70))
        {
            _code[length++] = 0x0F;
            if (dice.Percent(40))
            {
                _code[length++] = dice.Pick<byte>([0x38, 0x3A]);
            }
        }

        for (int end = length + 1 + dice.Below(8); length < end; length++)
        {
            _code[length] = (byte)dice.Word();
        }

        return Finish(length, state, window, memory);
    }

    private const int InstructionMax = 15;

    private MachineState Start(Dice dice, Family family, int bits, out ulong window, out byte[] memory)
    {
        MachineState state = MachineState.Initial;
        state.Rip = Layout.Code + 0x100 + (ulong)dice.Below(16);
        memory = new byte[64 + 8 * dice.Below(9)];
        window = Targets.Window(dice, memory.Length);
        Values.Fill(dice, memory);
        StateMaker.Flags(dice, &state);
        StateMaker.General(dice, &state, window, memory.Length);
        if (family is Family.Sse or Family.Avx || dice.Percent(5))
        {
            StateMaker.Vectors(dice, &state, amd);
        }

        if (family == Family.X87 || dice.Percent(3))
        {
            StateMaker.X87(dice, &state);
        }
        else if (family == Family.Mmx)
        {
            StateMaker.Mmx(dice, &state);
        }

        if (bits != 64)
        {
            StateMaker.Legacy(dice, &state, bits);
        }

        return state;
    }

    private Code Chained(Dice dice, Family family, int bits)
    {
        while (true)
        {
            Code code = dice.Pick(catalog.Of(bits, dice.Percent(family == Family.Integer ? 100 : 80) ? family : Family.Integer));
            if (code.FlowControl() is FlowControl.Next or FlowControl.ConditionalBranch
                || (code.FlowControl() is FlowControl.UnconditionalBranch && dice.Percent(50)))
            {
                return code;
            }
        }
    }

    /// <summary>Puts one in twenty instructions across or at the end of a code page.</summary>
    private static void AtPageEnd(Dice dice, MachineState* state, int length)
    {
        if (dice.Percent(5))
        {
            ulong end = Layout.Code + (dice.Percent(75) ? (ulong)Layout.Page : Layout.CodeBytes);
            ulong linear = end - (ulong)(end == Layout.Code + Layout.CodeBytes ? length : dice.Below(length + 1));
            state->Rip = linear - Segments.BaseOf(state->Cs);
        }
    }

    /// <summary>Points a short branch at an instruction of the sequence, mostly a later one.</summary>
    private void Aim(Dice dice, int behind, ReadOnlySpan<int> starts)
    {
        int target = dice.Pick(starts);
        if (target < behind && dice.Percent(80))
        {
            target = starts[^1];
        }

        _code[behind - 1] = (byte)(target - behind);
    }

    private Snippet Finish(int length, MachineState state, ulong window, byte[] memory)
    {
        if (Segments.BitsOf(state.Cs) != 64)
        {
            // What there is of a register outside 64-bit mode is 32 bits, and there are eight.
            for (int i = 0; i < MachineState.GprCount; i++)
            {
                state.Gpr[i] = i < 8 ? (uint)state.Gpr[i] : 0;
            }
        }

        return new Snippet { Code = _code.AsSpan(0, length).ToArray(), State = state, WindowAddress = window, Window = memory };
    }
}
