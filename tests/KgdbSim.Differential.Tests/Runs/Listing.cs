using System.Text;
using Iced.Intel;
using KgdbSim.Differential.Tests.Comparison;
using KgdbSim.Differential.Tests.Snippets;

namespace KgdbSim.Differential.Tests.Runs;

/// <summary>Snippets and disagreements for a person to read.</summary>
internal static class Listing
{
    /// <summary>The instructions of a snippet from its first byte on.</summary>
    public static IEnumerable<Instruction> Decode(Snippet snippet)
    {
        var decoder = Iced.Intel.Decoder.Create(snippet.Bits, new ByteArrayCodeReader(snippet.Code), snippet.State.Rip, DecoderOptions.AMD);
        while (decoder.IP < snippet.State.Rip + (ulong)snippet.Code.Length)
        {
            yield return decoder.Decode();
        }
    }

    public static string Of(Disagreement disagreement)
    {
        var text = new StringBuilder();
        var formatter = new IntelFormatter();
        var line = new StringOutput();
        foreach (Instruction instruction in Decode(disagreement.Snippet))
        {
            formatter.Format(instruction, line);
            int at = (int)(instruction.IP - disagreement.Snippet.State.Rip);
            int length = Math.Min(instruction.Length, disagreement.Snippet.Code.Length - at);
            string bytes = Convert.ToHexStringLower(disagreement.Snippet.Code.AsSpan(at, length));
            text.Append($"    {instruction.IP:x}  {bytes,-30}  {line.ToStringAndReset()}\n");
        }

        text.Append($"    {"",-18} {"expected (host)",-40} got ({disagreement.Engine})\n");
        foreach (Difference difference in disagreement.Differences)
        {
            text.Append($"    {difference.What,-18} {difference.Expected,-40} {difference.Got}\n");
        }

        text.Append($"    corpus line: {CorpusLine.Write(disagreement)}\n");
        return text.ToString();
    }
}
