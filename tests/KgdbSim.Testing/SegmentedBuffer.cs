using System.Buffers;

namespace KgdbSim.Testing;

/// <summary>A byte string cut into segments, as it may come out of a pipe.</summary>
public static class SegmentedBuffer
{
    private const int ExhaustiveLengthMax = 10;
    private const int TwoCutsLengthMax = 80;

    /// <summary>A sequence of exactly these segments; empty ones are kept.</summary>
    public static ReadOnlySequence<byte> Of(params IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        if (pieces.Count == 0)
        {
            return ReadOnlySequence<byte>.Empty;
        }

        var first = new Segment(pieces[0], 0);
        Segment last = first;
        foreach (ReadOnlyMemory<byte> piece in pieces.Skip(1))
        {
            last = last.Append(piece);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    /// <summary>A sequence cut at the given places, which must not decrease.</summary>
    public static ReadOnlySequence<byte> Cut(ReadOnlyMemory<byte> bytes, params IEnumerable<int> cuts)
    {
        var pieces = new List<ReadOnlyMemory<byte>>();
        int start = 0;
        foreach (int cut in cuts)
        {
            pieces.Add(bytes[start..cut]);
            start = cut;
        }

        pieces.Add(bytes[start..]);
        return Of(pieces);
    }

    /// <summary>
    /// Many ways to cut <paramref name="bytes"/>: every subset of places if it is short; else not at all, once or
    /// (unless it is long) twice anywhere, also twice at the same place (an empty segment), and everywhere.
    /// </summary>
    public static IEnumerable<ReadOnlySequence<byte>> EverySplit(byte[] bytes)
    {
        yield return new ReadOnlySequence<byte>(bytes);
        yield return Cut(bytes, Enumerable.Range(0, bytes.Length + 1));
        if (bytes.Length <= ExhaustiveLengthMax)
        {
            for (int subset = 0; subset < 1 << Math.Max(bytes.Length - 1, 0); subset++)
            {
                int chosen = subset;
                yield return Cut(
                    bytes, Enumerable.Range(1, bytes.Length).Where(place => (chosen >> (place - 1) & 1) != 0));
            }
        }

        for (int first = 0; first <= bytes.Length; first++)
        {
            yield return Cut(bytes, first);
            int secondMax = bytes.Length <= TwoCutsLengthMax ? bytes.Length : first;
            for (int second = first; second <= secondMax; second++)
            {
                yield return Cut(bytes, first, second);
            }
        }
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long runningIndex)
        {
            Memory = memory;
            RunningIndex = runningIndex;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
