namespace KgdbSim.Cli.Exploring;

/// <summary>Files that a command writes: found out early whether it can, and written in one piece.</summary>
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

    /// <summary>Writes it beside its place and puts it there in one move, so that no half of it is ever seen.</summary>
    /// <exception cref="UsageException">It cannot be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        string beside = path + ".new";
        try
        {
            // What is no ordinary file (a pipe, /dev/stdout) cannot be replaced by one.
            if (File.Exists(path) && !File.GetAttributes(path).HasFlag(FileAttributes.Normal))
            {
                File.WriteAllBytes(path, content.ToArray());
                return;
            }

            File.WriteAllBytes(beside, content.ToArray());
            File.Move(beside, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"cannot write {path}: {failure.Message}");
        }
    }
}
