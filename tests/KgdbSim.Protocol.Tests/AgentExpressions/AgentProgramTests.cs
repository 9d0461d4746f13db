using KgdbSim.Protocol.AgentExpressions;
using KgdbSim.Protocol.Tests.Support;
using KgdbSim.Target.Primitives;

namespace KgdbSim.Protocol.Tests.AgentExpressions;

public sealed class AgentProgramTests
{
    private AgentMachine _machine = AgentMachine.FromCorpus();

    [Theory]
    [InlineData("", AgentError.Empty)]
    [InlineData("00 27", AgentError.UnknownOpcode)]
    [InlineData("31 27", AgentError.UnknownOpcode)]
    [InlineData("35 27", AgentError.UnknownOpcode)]
    [InlineData("ff 27", AgentError.UnknownOpcode)]
    [InlineData("01 27", AgentError.UnsupportedOpcode)]
    [InlineData("0c 27", AgentError.UnsupportedOpcode)]
    [InlineData("0d01 27", AgentError.UnsupportedOpcode)]
    [InlineData("1b 27", AgentError.UnsupportedOpcode)]
    [InlineData("2c0001 27", AgentError.UnsupportedOpcode)]
    [InlineData("2f 27", AgentError.UnsupportedOpcode)]
    [InlineData("34 00 0001 00 27", AgentError.UnsupportedOpcode)]
    [InlineData("22", AgentError.Truncated)]
    [InlineData("2201", AgentError.Truncated)]
    [InlineData("2500000000000000", AgentError.Truncated)]
    [InlineData("2201 27 20", AgentError.Truncated)]
    [InlineData("2201 1600 27", AgentError.BadOperand)]
    [InlineData("2201 1641 27", AgentError.BadOperand)]
    [InlineData("2201 2a00 27", AgentError.BadOperand)]
    [InlineData("21 0001 27", AgentError.BadJump)]
    [InlineData("21 00ff 27", AgentError.BadJump)]
    [InlineData("2201 20 0001 27", AgentError.BadJump)]
    [InlineData("02 27", AgentError.StackUnderflow)]
    [InlineData("2201 02 27", AgentError.StackUnderflow)]
    [InlineData("29 27", AgentError.StackUnderflow)]
    [InlineData("2201 2202 33 27", AgentError.StackUnderflow)]
    [InlineData("2201 3201 27", AgentError.StackUnderflow)]
    [InlineData("28 27", AgentError.StackUnderflow)]
    [InlineData("2201 21 0000", AgentError.StackMismatch)]
    [InlineData("2201 20 0007 2201 27", AgentError.StackMismatch)]
    public void What_could_leave_the_code_or_the_stack_is_refused(string code, AgentError expected)
    {
        Assert.Null(AgentProgram.Create(Bytes(code), out AgentError error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void The_stack_may_be_as_deep_as_documented_and_no_deeper()
    {
        byte[] full = Enumerable.Repeat<byte[]>([0x22, 1], AgentProgram.StackMax).SelectMany(push => push).ToArray();
        AgentProgram? program = AgentProgram.Create([.. full, 0x27], out AgentError error);
        Assert.Equal(AgentError.None, error);
        Assert.Equal(AgentProgram.StackMax, program!.StackHeightMax);
        Assert.Equal(AgentError.None, AgentInterpreter.Evaluate(program, ref _machine, 1000, out _));
        Assert.Null(AgentProgram.Create([.. full, 0x22, 1, 0x27], out error));
        Assert.Equal(AgentError.StackOverflow, error);
    }

    [Fact]
    public void A_program_may_be_as_long_as_documented_and_no_longer()
    {
        byte[] pushAndPop = Enumerable.Repeat<byte[]>([0x28, 0x29], (AgentProgram.LengthMax / 2) - 2)
            .SelectMany(pair => pair).ToArray();
        byte[] longest = [0x22, 1, .. pushAndPop, 0x12, 0x27];
        Assert.Equal(AgentProgram.LengthMax, longest.Length);
        Assert.NotNull(AgentProgram.Create(longest, out _));
        Assert.Null(AgentProgram.Create([.. longest, 0x27], out AgentError error));
        Assert.Equal(AgentError.TooLong, error);
    }

    /// <summary>Code that is never reached must still be instructions, as gdb's own checker demands.</summary>
    [Fact]
    public void Code_behind_the_end_is_looked_at()
    {
        Assert.NotNull(AgentProgram.Create(Bytes("2201 27 02"), out _));
        Assert.Null(AgentProgram.Create(Bytes("2201 27 00"), out _));
    }

    /// <summary>The numbers of <c>gdbsupport/ax.def</c>, one row for each opcode up to printf but 0x31.</summary>
    [Fact]
    public void The_table_has_every_opcode_of_the_manual()
    {
        IEnumerable<int> known = Enumerable.Range(0, 256).Where(code => AgentOpcodeTable.Find((byte)code) is not null);
        Assert.Equal(Enumerable.Range(1, 0x34).Where(code => code != 0x31), known);
        Assert.All(
            Enum.GetValues<AgentOpcode>(),
            opcode => Assert.True(AgentOpcodeTable.Find((byte)opcode)!.Value.IsSupported, $"{opcode}"));
        Assert.Equal(
            Enum.GetValues<AgentOpcode>().Length,
            known.Count(code => AgentOpcodeTable.Find((byte)code)!.Value.IsSupported));
    }

    /// <summary>
    /// Random bytecode is either refused or runs to an end; the interpreter indexes nothing out of range.
    /// </summary>
    [Fact]
    public void What_passes_the_verifier_never_fails_in_the_interpreter()
    {
        int accepted = 0;
        Property.Holds(20_000, random =>
        {
            byte[] code = RandomCode(ref random);
            if (AgentProgram.Create(code, out _) is { } program)
            {
                accepted++;
                AgentInterpreter.Evaluate(program, ref _machine, 200, out _);
            }
        });
        Assert.True(accepted > 100, $"only {accepted} programs were accepted");
    }

    private static byte[] RandomCode(ref Prng random)
    {
        var code = new List<byte>();
        AgentOpcode[] opcodes = Enum.GetValues<AgentOpcode>();
        int count = 1 + (int)random.NextBelow(8);
        for (int push = 0; push < 3; push++)
        {
            code.AddRange([(byte)AgentOpcode.Const8, (byte)random.NextBelow(4)]);
        }

        for (int index = 0; index < count; index++)
        {
            byte opcode = (byte)opcodes[random.NextBelow((ulong)opcodes.Length)];
            code.Add(opcode);
            for (int operand = 1; operand < AgentOpcodeTable.LengthOf(opcode); operand++)
            {
                code.Add((byte)(operand == 1 && opcode is 0x20 or 0x21 ? 0 : random.NextBelow(24)));
            }
        }

        code.Add((byte)AgentOpcode.End);
        return [.. code];
    }

    private static byte[] Bytes(string code) => Convert.FromHexString(code.Replace(" ", "", StringComparison.Ordinal));
}
