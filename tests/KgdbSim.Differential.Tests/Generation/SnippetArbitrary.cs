using FsCheck;
using FsCheck.Fluent;
using KgdbSim.Differential.Tests.Snippets;

namespace KgdbSim.Differential.Tests.Generation;

/// <summary>Snippets for FsCheck: how to make them, and how to make one that shows something simpler.</summary>
internal static class SnippetArbitrary
{
    private static readonly Gen<ulong> Entropy =
        from high in Gen.Choose(int.MinValue, int.MaxValue)
        from low in Gen.Choose(int.MinValue, int.MaxValue)
        select ((ulong)(uint)high << 32) | (uint)low;

    public static Arbitrary<Snippet> Single(SnippetBuilder builder, Family family) =>
        Entropy.Select(entropy => builder.Single(family, entropy)).ToArbitrary(SnippetShrinker.Candidates);

    public static Arbitrary<Snippet> Sequence(SnippetBuilder builder, Family family) =>
        Entropy.Select(entropy => builder.Sequence(family, entropy)).ToArbitrary(SnippetShrinker.Candidates);

    public static Arbitrary<Snippet> AnyBytes(SnippetBuilder builder) =>
        Entropy.Select(builder.AnyBytes).ToArbitrary(SnippetShrinker.Candidates);
}
