using System.Runtime.CompilerServices;

namespace KgdbSim.Testing;

/// <summary>
/// Approved text beside the test that produces it. With the environment variable <c>KGDBSIM_UPDATE_SNAPSHOTS=1</c> the
/// file is rewritten instead of compared; review the difference before committing it.
/// </summary>
public static class Snapshot
{
    /// <summary>The environment variable.</summary>
    public const string UpdateVariable = "KGDBSIM_UPDATE_SNAPSHOTS";

    /// <summary>Compares <paramref name="actual"/> with the approved file <paramref name="name"/>.</summary>
    /// <param name="actual">The text produced.</param>
    /// <param name="name">The file's name, relative to the test's source file.</param>
    /// <param name="testFile">Filled in by the compiler.</param>
    /// <exception cref="SnapshotMismatchException">They differ, or there is no approved file.</exception>
    public static void Verify(string actual, string name, [CallerFilePath] string testFile = "")
    {
        string path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(testFile)!, name));
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }

        string approved = File.Exists(path) ? File.ReadAllText(path) : "";
        if (approved != actual)
        {
            throw new SnapshotMismatchException(Describe(approved, actual, path));
        }
    }

    private static string Describe(string approved, string actual, string path)
    {
        string[] old = approved.Split('\n');
        string[] now = actual.Split('\n');
        int line = old.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"""
            {path}, line {line + 1}, differs.
            approved: {old.ElementAtOrDefault(line)}
            actual:   {now.ElementAtOrDefault(line)}
            To accept the new text: {UpdateVariable}=1 dotnet test, then review the difference.
            """;
    }
}

/// <summary>A text is not the approved one; the message says where and how to accept it.</summary>
public sealed class SnapshotMismatchException(string message) : Exception(message);
