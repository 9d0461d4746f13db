using System.IO.Compression;
using System.IO.Pipelines;

namespace KgdbSim.Cli;

/// <summary>
/// A file read, and if it is gzip-compressed unpacked, on a thread of its own, a few MiB ahead of who reads the stream.
/// </summary>
internal static class ReadAhead
{
    private const int AheadMax = 8 << 20;
    private const int PieceBytes = 1 << 18;

    /// <summary>Opens the file; errors of reading and of the compressed data come out of the stream's reads.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static Stream Open(string path)
    {
        FileStream file = File.OpenRead(path);
        var pipe = new Pipe(new PipeOptions(
            pauseWriterThreshold: AheadMax, resumeWriterThreshold: AheadMax / 2, minimumSegmentSize: PieceBytes, useSynchronizationContext: false));
        _ = Task.Run(() => Fill(file, pipe.Writer));
        return pipe.Reader.AsStream();
    }

    private static async Task Fill(FileStream file, PipeWriter writer)
    {
        Exception? failure = null;
        try
        {
            await using (file)
            {
                bool packed = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
                file.Position = 0;
                await using Stream source = packed ? new GZipStream(file, CompressionMode.Decompress) : file;
                FlushResult flushed = default;
                while (!flushed.IsCompleted)
                {
                    int count = source.Read(writer.GetSpan(PieceBytes));
                    if (count == 0)
                    {
                        break;
                    }

                    writer.Advance(count);
                    flushed = await writer.FlushAsync();
                }
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            failure = e;
        }

        await writer.CompleteAsync(failure);
    }
}
