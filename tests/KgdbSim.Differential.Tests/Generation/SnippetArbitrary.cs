using FsCheck;
using FsCheck.Fluent;
using KgdbSim.Differential.Tests.Snippets;

namespace KgdbSim.Differential.Tests.Generation;

/// <summary>Snippets for FsCheck: how to make them, and how to make one that shows something simpler.</summary>
internal static class SnippetArbitrary
{
    private const int ChunkBits = 30;
    private const int ChunkMax = (1 << ChunkBits) - 1;

    private static readonly Gen<ulong> Entropy =
        from high in Gen.Choose(0, ChunkMax)
        from low in Gen.Choose(0, ChunkMax)
        select ((ulong)high << ChunkBits) | (uint)low;

    public static Arbitrary<Snippet> Single(SnippetBuilder builder, Family family, int bits = 64) =>
        Arb.From(Entropy.Select(entropy => builder.Single(family, bits, entropy)), SnippetShrinker.Candidates);

    public static Arbitrary<Snippet> Sequence(SnippetBuilder builder, Family family, int bits = 64) =>
        Arb.From(Entropy.Select(entropy => builder.Sequence(family, bits, entropy)), SnippetShrinker.Candidates);

    public static Arbitrary<Snippet> AnyBytes(SnippetBuilder builder, int bits = 64) =>
        Arb.From(Entropy.Select(entropy => builder.AnyBytes(bits, entropy)), SnippetShrinker.Candidates);
}
