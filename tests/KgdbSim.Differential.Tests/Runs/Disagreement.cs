using Iced.Intel;
using KgdbSim.Differential.Tests.Comparison;
using KgdbSim.Differential.Tests.Snippets;

namespace KgdbSim.Differential.Tests.Runs;

/// <summary>Who disagrees with the host.</summary>
internal enum Engine
{
    /// <summary>The general forms, one instruction at a time.</summary>
    Stepped,

    /// <summary>The threaded handlers.</summary>
    Threaded,
}

/// <summary>A snippet that the host and the simulator run differently.</summary>
/// <param name="Expected">The host's outcome as text.</param>
/// <param name="Last">The instruction that our run ended with.</param>
/// <param name="Missing">It ended with #UD at an instruction that has no row in the instruction table.</param>
internal sealed record Disagreement(
    Snippet Snippet, Engine Engine, string Expected, IReadOnlyList<Difference> Differences, Instruction Last, bool Missing)
{
    /// <summary>What is told apart: the instruction, and what kind of thing differs.</summary>
    public string Signature => Missing
        ? $"missing {Last.Mnemonic}"
        : $"{Names()}: {string.Join('+', Differences.Select(difference => difference.Kind).Distinct().Order(StringComparer.Ordinal))}"
            + (Engine == Engine.Threaded ? " (threaded only)" : "");

    private string Names()
    {
        Instruction[] all = [.. Listing.Decode(Snippet)];
        return all.Length <= 1 ? $"{all.FirstOrDefault().Code}"
            : Last.Length != 0 ? $"{Last.Code}"
            : string.Join(',', all.Select(instruction => instruction.Mnemonic.ToString()).Distinct());
    }
}
