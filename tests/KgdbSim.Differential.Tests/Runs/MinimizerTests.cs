using FsCheck.Fluent;
using KgdbSim.Differential.Tests.Comparison;
using KgdbSim.Differential.Tests.Generation;
using KgdbSim.Differential.Tests.Snippets;
using KgdbSim.Target.Cpu;

namespace KgdbSim.Differential.Tests.Runs;

public sealed class MinimizerTests
{
    private static readonly SnippetBuilder Builder =
        new(new CodeCatalog(_ => true, new CpuModel("amd", CpuVendor.Amd)), amd: true);

    [Fact]
    public void What_does_not_matter_goes()
    {
        MachineState state = MachineState.Initial;
        state.Flags = 0xAD7;
        unsafe
        {
            state.Gpr[0] = 0x1234_5678_9ABC_DEF0;
            state.Gpr[3] = 0x77;
            state.Vector[5] = 9;
        }

        // nop; inc ebx; add rax, rbx; cdq, of which "inc ebx" with bit 7 of RAX shall be the culprit.
        var snippet = new Snippet { Code = [0x90, 0xFF, 0xC3, 0x48, 0x01, 0xD8, 0x99], State = state, Window = new byte[64] };
        Disagreement smallest = Minimizer.Minimize(Judge(snippet)!, SnippetArbitrary.Single(Builder, Family.Integer), Judge);

        Assert.Equal("ffc3 rax=f0", SnippetText.Write(smallest.Snippet));
    }

    [Fact]
    public void The_same_seed_makes_the_same_snippets()
    {
        string[] first = Texts(7);
        Assert.Equal(first, Texts(7));
        Assert.NotEqual(first, Texts(8));
    }

    private static string[] Texts(ulong seed) =>
    [
        .. Gen.Sample(SnippetArbitrary.Sequence(Builder, Family.Integer).Generator, 20, new FsCheck.Rnd(seed, 1), 0)
            .Select(SnippetText.Write),
    ];

    private static unsafe Disagreement? Judge(Snippet snippet) =>
        snippet.Code.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC3]) >= 0 && (snippet.State.Gpr[0] & 0x80) != 0
            ? new Disagreement(snippet, Engine.Stepped, "", [new Difference("rax", "0", "1")], default, false)
            : null;
}
