using KgdbSim.Differential.Tests.Snippets;

namespace KgdbSim.Differential.Tests.Runs;

/// <summary>One line of the corpus: <c>snippet => the host's outcome # what was wrong</c>.</summary>
/// <param name="Text">The line.</param>
internal sealed record CorpusLine(string Text, Snippet Snippet, Outcome Expected)
{
    private const string Arrow = "=>";

    public static CorpusLine Parse(string text)
    {
        string line = text.Split('#')[0];
        string[] halves = line.Split(Arrow);
        if (halves.Length != 2)
        {
            throw new FormatException($"not a corpus line: '{text}'");
        }

        Snippet snippet = SnippetText.ReadSnippet(halves[0]);
        return new CorpusLine(text, snippet, SnippetText.ReadOutcome(halves[1], snippet));
    }

    public static string Write(Disagreement disagreement) =>
        $"{SnippetText.Write(disagreement.Snippet)} {Arrow} {disagreement.Expected}";
}
