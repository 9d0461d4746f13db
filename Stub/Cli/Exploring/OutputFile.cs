namespace KgdbSim.Cli.Exploring;

/// <summary>Files that a command writes: found out early whether it can.</summary>
internal static class OutputFile
{
    /// <summary>Says before hours of work, not after, that a file cannot be written.</summary>
    /// <exception cref="UsageException">It cannot.</exception>
    public static void Check(string? path)
    {
        if (path is null)
        {
            return;
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "";
        if (!Directory.Exists(folder) || Directory.Exists(path))
        {
            throw new UsageException($"cannot write {path}: {(Directory.Exists(path) ? "it is a folder" : $"there is no folder {folder}")}");
        }
    }

    /// <summary>Writes a file, pipe or device.</summary>
    /// <exception cref="UsageException">It cannot be written.</exception>
    public static void Write(string path, byte[] content) => Try(path, () => File.WriteAllBytes(path, content));

    /// <summary>
    /// Writes an ordinary file beside its place and puts it there in one move, so that whatever happens the old content or the
    /// new is there.
    /// </summary>
    /// <exception cref="UsageException">It cannot be written.</exception>
    public static void Replace(string path, byte[] content) => Try(path, () =>
    {
        string target = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
        string beside = target + ".new";
        File.WriteAllBytes(beside, content);
        File.Move(beside, target, overwrite: true);
    });

    private static void Try(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"cannot write {path}: {failure.Message}");
        }
    }
}
