using KgdbSim.Differential.Tests.Simulated;
using KgdbSim.Differential.Tests.Snippets;

namespace KgdbSim.Differential.Tests.Comparison;

public sealed class OutcomeComparerTests
{
    public static TheoryData<string> Fields() => [.. StateField.All.Select(field => field.Name).Where(name => name != "rip")];

    [Theory]
    [MemberData(nameof(Fields))]
    public unsafe void Every_register_counts(string name)
    {
        var expected = new Outcome { State = MachineState.Initial };
        expected.State.Ftw = 0xFF;
        var got = new Outcome { State = expected.State };
        StateField field = StateField.All.Single(candidate => candidate.Name == name);
        fixed (MachineState* state = &got.State)
        {
            field.Of(state)[0] ^= 0x80;
        }

        Undefined nothing = default;
        Assert.False(OutcomeComparer.Equal(expected, got, nothing));
        Assert.Single(OutcomeComparer.Differences(expected, got, nothing));
    }

    [Fact]
    public void Every_byte_of_memory_counts()
    {
        Undefined nothing = default;
        foreach (int at in (int[])[0, 0xFFF, 0x1FFF, 0x3000, 0x3FFF])
        {
            var expected = new Outcome();
            var got = new Outcome();
            got.Memory[at] = 1;
            Assert.False(OutcomeComparer.Equal(expected, got, nothing));
            Assert.Single(OutcomeComparer.Differences(expected, got, nothing));
        }
    }

    [Fact]
    public void What_is_undefined_does_not_count()
    {
        var expected = new Outcome();
        var got = new Outcome();
        got.State.Flags = 0x10;
        got.State.Fsw = 0x400;
        unsafe
        {
            got.State.Gpr[5] = 1;
        }

        Assert.Equal(3, OutcomeComparer.Differences(expected, got, default).Count);
        var undefined = new Undefined { Flags = 0x10, Status = 0x400, Gpr = 1 << 5 };
        Assert.Empty(OutcomeComparer.Differences(expected, got, undefined));
    }

    [Theory]
    [InlineData(0x1000UL, false)]
    [InlineData(0xFFFF_8000_0000_0000UL, true)]
    public void Presence_of_a_page_counts_where_Linux_tells_it(ulong cr2, bool equal)
    {
        var expected = new Outcome { Trap = 14, Error = 5, Cr2 = cr2 };
        var got = new Outcome { Trap = 14, Error = 4, Cr2 = cr2 };
        Assert.Equal(equal, OutcomeComparer.Equal(expected, got, default));
    }
}
