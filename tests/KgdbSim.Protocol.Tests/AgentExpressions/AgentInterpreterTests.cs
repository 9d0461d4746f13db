using KgdbSim.Protocol.AgentExpressions;
using KgdbSim.Protocol.Tests.Support;

namespace KgdbSim.Protocol.Tests.AgentExpressions;

/// <summary>GDB manual, appendix "The GDB Agent Expression Mechanism".</summary>
public sealed class AgentInterpreterTests
{
    private AgentMachine _machine = AgentMachine.FromCorpus();

    public static TheoryData<string, ulong, string> Expressions
    {
        get
        {
            var data = new TheoryData<string, ulong, string>();
            foreach ((string code, ulong value, string text) in AgentMachine.Expressions())
            {
                data.Add(code, value, text);
            }

            return data;
        }
    }

    /// <summary>The bytecode is gdb's and so is the value.</summary>
    [Theory]
    [MemberData(nameof(Expressions))]
    public void What_gdb_compiles_has_the_value_gdb_prints(string code, ulong value, string text)
    {
        Assert.Equal((AgentError.None, value, text), (Run(code, out ulong result), result, text));
    }

    /// <summary>Each bytecode by itself; operands are pushed by const8 or const64.</summary>
    [Theory]
    [InlineData("2203 2204 02", 7)]
    [InlineData("2203 2204 03", -1)]
    [InlineData("2203 2204 04", 12)]
    [InlineData("25fffffffffffffff9 2202 05", -3)]
    [InlineData("25fffffffffffffff9 2202 06", 0x7FFFFFFFFFFFFFFC)]
    [InlineData("25fffffffffffffff9 2202 07", -1)]
    [InlineData("25fffffffffffffff9 2204 08", 1)]
    [InlineData("258000000000000000 25ffffffffffffffff 05", long.MinValue)]
    [InlineData("258000000000000000 25ffffffffffffffff 07", 0)]
    [InlineData("2201 223f 09", long.MinValue)]
    [InlineData("2201 2240 09", 0)]
    [InlineData("258000000000000000 223f 0a", -1)]
    [InlineData("258000000000000000 22ff 0a", -1)]
    [InlineData("258000000000000000 223f 0b", 1)]
    [InlineData("258000000000000000 2240 0b", 0)]
    [InlineData("2200 0e", 1)]
    [InlineData("2205 0e", 0)]
    [InlineData("220c 220a 0f", 8)]
    [InlineData("220c 220a 10", 14)]
    [InlineData("220c 220a 11", 6)]
    [InlineData("2200 12", -1)]
    [InlineData("2205 2205 13", 1)]
    [InlineData("25ffffffffffffffff 2201 14", 1)]
    [InlineData("25ffffffffffffffff 2201 15", 0)]
    [InlineData("22ff 1608", -1)]
    [InlineData("2207 1608", 7)]
    [InlineData("22ff 1601", -1)]
    [InlineData("22ff 1640", 255)]
    [InlineData("25ffffffffffffffff 2a08", 255)]
    [InlineData("25ffffffffffffffff 2a40", -1)]
    [InlineData("2400404014 17", 0x01)]
    [InlineData("2400404014 18", 0x0201)]
    [InlineData("2400404014 19", 0x63fe0201)]
    [InlineData("2400404020 1a", 0x123456789abcdef0)]
    [InlineData("2201 20 0008 2205 27 2206", 6)]
    [InlineData("2200 20 0008 2205 27 2206", 5)]
    [InlineData("21 0004 27 2209", 9)]
    [InlineData("22ff", 255)]
    [InlineData("23ff00", 0xff00)]
    [InlineData("24ff000000", 0xff000000)]
    [InlineData("25ff00000000000001", -0xffffffffffffff)]
    [InlineData("26 0005", 3)]
    [InlineData("2203 28 04", 9)]
    [InlineData("2203 2204 29", 3)]
    [InlineData("2203 2204 2b 03", 1)]
    [InlineData("2203 2204 32 00", 4)]
    [InlineData("2203 2204 32 01", 3)]
    [InlineData("2201 2202 2203 33 29", 1)]
    [InlineData("2201 2202 2203 33 29 29", 3)]
    public void A_bytecode_does_what_the_manual_says(string code, long expected) =>
        Assert.Equal((AgentError.None, expected), (Run(code + " 27", out ulong value), (long)value));

    [Theory]
    [InlineData("2201 2200 05 27", AgentError.DivisionByZero)]
    [InlineData("2201 2200 06 27", AgentError.DivisionByZero)]
    [InlineData("2201 2200 07 27", AgentError.DivisionByZero)]
    [InlineData("2201 2200 08 27", AgentError.DivisionByZero)]
    [InlineData("2200 17 27", AgentError.BadMemory)]
    [InlineData("2200 1a 27", AgentError.BadMemory)]
    [InlineData("26 00ff 27", AgentError.BadRegister)]
    [InlineData("27", AgentError.NoResult)]
    [InlineData("2201 29 27", AgentError.NoResult)]
    [InlineData("21 0000", AgentError.TooManySteps)]
    public void What_goes_wrong_at_run_time_has_a_name(string code, AgentError expected) =>
        Assert.Equal(expected, Run(code, out _));

    [Fact]
    public void Nothing_is_allocated()
    {
        AgentProgram[] programs =
        [
            .. AgentMachine.Expressions()
                .Select(item => AgentProgram.Create(Convert.FromHexString(item.Code), out _)!),
        ];
        EvaluateAll(programs);
        long before = GC.GetAllocatedBytesForCurrentThread();
        EvaluateAll(programs);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void EvaluateAll(AgentProgram[] programs)
    {
        foreach (AgentProgram program in programs)
        {
            AgentInterpreter.Evaluate(program, ref _machine, AgentInterpreter.DefaultStepsMax, out _);
        }
    }

    private AgentError Run(string code, out ulong value)
    {
        byte[] bytes = Convert.FromHexString(code.Replace(" ", "", StringComparison.Ordinal));
        AgentProgram? program = AgentProgram.Create(bytes, out AgentError error);
        Assert.True(program is not null, $"{code} is refused: {error}");
        return AgentInterpreter.Evaluate(program, ref _machine, 1000, out value);
    }
}
