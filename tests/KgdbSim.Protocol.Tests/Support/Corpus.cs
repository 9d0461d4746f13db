using System.Runtime.CompilerServices;

namespace KgdbSim.Protocol.Tests.Support;

/// <summary>The text files with one case per line.</summary>
internal static class Corpus
{
    /// <summary>The cases of a file; lines that are empty or start with <c>#</c> are not.</summary>
    public static IEnumerable<string> Lines(string file, [CallerFilePath] string source = "") =>
        File.ReadLines(Path.Combine(Path.GetDirectoryName(source)!, "..", "Corpora", file))
            .Where(line => line.Length > 0 && line[0] != '#');
}
