using System.Globalization;
using System.Text;
using KgdbSim.Stub.Kgdb.Faithful;

namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>
/// The stage's workers make system calls all the time; in which order they come to a breakpoint in one is nobody's to say. So the stage's
/// wait, and one comes when the recording says that one came: a stop at a breakpoint outside of the stage's own functions.
/// </summary>
internal sealed class PassingWorkers(Transcript transcript, StageLayout layout, IOracleStage stage, ThreadMap threads)
{
    private const int WorkerCount = 4;

    private readonly HashSet<ulong> _set = [];

    /// <summary>The recorded kernel accepted a packet.</summary>
    public void Accepted(string request)
    {
        string[] parts = request.Split(',');
        if (parts is [['Z' or 'z', '0' or '1'], { } text, ..]
            && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong address))
        {
            _ = request[0] == 'Z' ? _set.Add(address) : _set.Remove(address);
        }
    }

    /// <summary>The recorded kernel has forgotten all breakpoints.</summary>
    public void RemovedAll() => _set.Clear();

    /// <summary>A recorded stop that has not come: sends the worker on its way that the recording shows there.</summary>
    /// <param name="position">The entry behind the stop.</param>
    /// <param name="thread">Who stopped, by its recorded id.</param>
    /// <returns>Whether one was sent.</returns>
    public bool Send(int position, uint thread)
    {
        if (PlaceAfter(position) is not { } place)
        {
            return false;
        }

        ulong address = _set.Contains(place) ? place : place - 1;
        return _set.Contains(address) && !layout.IsTaken(address, 1) && Choose(thread) is { } worker && stage.Wake(worker, address);
    }

    /// <summary>rip of the first image that the client reads at this stop.</summary>
    private ulong? PlaceAfter(int position)
    {
        string request = "";
        foreach (TranscriptEntry entry in transcript.Entries.Skip(position))
        {
            string text = Encoding.Latin1.GetString(entry.Bytes);
            if (entry.Kind == EntryKind.Sent)
            {
                request = text;
            }
            else if (entry.Kind == EntryKind.Received && request is "g" or "p10")
            {
                return !HexText.TryBytes(text, out byte[] bytes) ? null
                    : bytes.Length == RegisterNumber.ImageBytes ? RegisterExpectation.Value(bytes, RegisterNumber.InstructionPointer)
                    : bytes.Length == 8 ? BitConverter.ToUInt64(bytes)
                    : null;
            }

            if (request is ['c' or 's' or 'C' or 'D' or 'k', ..] or ['H', 'g', ..])
            {
                return null;
            }
        }

        return null;
    }

    // Its name may be known; else any of them whose id is not.
    private string? Choose(uint thread)
    {
        string[] names = [.. Enumerable.Range(0, WorkerCount).Select(n => string.Create(CultureInfo.InvariantCulture, $"worker{n}"))];
        return Array.Find(names, name => threads.Knows(thread) && stage.FindTask(name) == (int)threads.Translate(thread))
            ?? (threads.Knows(thread) ? null : Array.Find(names, name => stage.FindTask(name) is { } pid && !threads.IsTaken((uint)pid)));
    }
}
