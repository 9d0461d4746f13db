using KgdbSim.Differential.Tests.Snippets;

namespace KgdbSim.Differential.Tests.Runs;

/// <summary>One line of the corpus: <c>snippet => the host's outcome # what was wrong</c>.</summary>
internal sealed record CorpusLine(Snippet Snippet, Outcome Expected)
{
    private const string Arrow = "=>";

    /// <summary>The line without its comment, as this program would write it.</summary>
    public string Canonical => Write(Snippet, Expected);

    /// <exception cref="FormatException">Not such a line.</exception>
    public static CorpusLine Parse(string text)
    {
        string[] halves = text.Split('#')[0].Split(Arrow);
        if (halves.Length != 2)
        {
            throw new FormatException($"not a corpus line: '{text}'");
        }

        Snippet snippet = SnippetText.ReadSnippet(halves[0]);
        return new CorpusLine(snippet, SnippetText.ReadOutcome(halves[1], snippet));
    }

    public static string Write(Snippet snippet, Outcome outcome) => Write(snippet, SnippetText.Write(snippet, outcome));

    public static string Write(Disagreement disagreement) => Write(disagreement.Snippet, disagreement.Expected);

    private static string Write(Snippet snippet, string outcome) => $"{SnippetText.Write(snippet)} {Arrow} {outcome}";
}
