using System.Buffers;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Framing;

/// <summary>
/// Finds the next acknowledgement, interrupt or frame in a byte stream. What it reports depends on the bytes only,
/// never on how they were split; an incomplete frame consumes nothing.
/// </summary>
/// <remarks>
/// One instance serves one stream, because it remembers being inside an oversize frame or a run of stray bytes. A
/// payload is copied only when it spans segments, into one buffer that the framer keeps; nothing is allocated per
/// frame.
/// </remarks>
public sealed class PacketFramer
{
    /// <summary>The PacketSize advertised unless configured otherwise, in bytes.</summary>
    public const int DefaultPayloadMax = 0x20000;

    private const byte PacketStart = (byte)'$';
    private const byte NotificationStart = (byte)'%';
    private const byte PayloadEnd = (byte)'#';
    private const byte Interrupt = 0x03;
    private const int TrailerLength = 3;

    private static readonly SearchValues<byte> Starts = SearchValues.Create("$%+-\x03"u8);

    private byte[] _joined = [];
    private bool _inOversize;
    private bool _inStrayBytes;

    /// <summary>A framer for one stream.</summary>
    /// <param name="payloadMax">The longest payload accepted, in bytes as sent, at least 1. PacketSize counts "the data
    /// characters in the packet, not including the frame and checksum" (GDB manual, "General Query Packets").</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="payloadMax"/> is not positive.</exception>
    public PacketFramer(int payloadMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(payloadMax);
        PayloadMax = payloadMax;
    }

    /// <summary>The longest payload accepted, in bytes as sent (escapes count).</summary>
    public int PayloadMax { get; }

    /// <summary>Takes the next frame from <paramref name="input"/>.</summary>
    /// <param name="input">Everything received and not yet consumed.</param>
    /// <param name="frame">What was found; <see cref="FrameKind.None"/> if more bytes are needed.</param>
    /// <param name="consumed">Where the bytes still needed begin.</param>
    /// <param name="examined">How far the bytes were looked at: the end of the input exactly when nothing was found, so
    /// that the pair can go to <c>PipeReader.AdvanceTo</c>.</param>
    /// <returns>Whether <paramref name="frame"/> holds something.</returns>
    public bool TryRead(
        in ReadOnlySequence<byte> input, out Frame frame, out SequencePosition consumed, out SequencePosition examined)
    {
        ReadOnlySequence<byte> rest = input;
        while (true)
        {
            int taken = Read(rest.FirstSpan, out frame);
            if (taken == 0 && !rest.IsSingleSegment)
            {
                taken = Read(Join(rest), out frame);
            }

            if (taken == 0)
            {
                consumed = rest.Start;
                examined = rest.End;
                return false;
            }

            rest = rest.Slice(taken);
            if (frame.Kind != FrameKind.None)
            {
                consumed = rest.Start;
                examined = rest.Start;
                return true;
            }
        }
    }

    /// <summary>What it means that the stream ended with <paramref name="unconsumed"/> left over.</summary>
    public static FrameError AtEndOfStream(in ReadOnlySequence<byte> unconsumed) =>
        unconsumed.IsEmpty ? FrameError.None : FrameError.Truncated;

    /// <summary>
    /// Returns how many bytes are done with; 0 if more are needed. Without a frame they were swallowed in silence.
    /// </summary>
    private int Read(ReadOnlySpan<byte> bytes, out Frame frame)
    {
        frame = default;
        if (bytes.IsEmpty)
        {
            return 0;
        }

        if (_inOversize)
        {
            int swallowed = SwallowOversize(bytes);
            if (swallowed > 0 || _inOversize)
            {
                return swallowed;
            }
        }

        int stray = bytes.IndexOfAny(Starts);
        if (stray != 0)
        {
            return SwallowStrayBytes(stray < 0 ? bytes.Length : stray, out frame);
        }

        _inStrayBytes = false;
        switch (bytes[0])
        {
            case (byte)'+':
                frame = Frame.Of(FrameKind.Ack);
                return 1;
            case (byte)'-':
                frame = Frame.Of(FrameKind.Nak);
                return 1;
            case Interrupt:
                frame = Frame.Of(FrameKind.Interrupt);
                return 1;
            default:
                return ReadFrame(bytes, out frame);
        }
    }

    private int ReadFrame(ReadOnlySpan<byte> bytes, out Frame frame)
    {
        frame = default;
        ReadOnlySpan<byte> behindStart = bytes[1..];
        int length = behindStart.IndexOfAny(PayloadEnd, PacketStart);
        if ((length < 0 ? behindStart.Length : length) > PayloadMax)
        {
            // The terminator, if it is here at all, is left to SwallowOversize.
            _inOversize = true;
            frame = Frame.Of(FrameError.Oversize);
            return length < 0 ? bytes.Length : 1 + length;
        }

        if (length < 0)
        {
            return 0;
        }

        if (behindStart[length] == PacketStart)
        {
            frame = Frame.Of(FrameError.Truncated);
            return 1 + length;
        }

        int digits = CountDigits(behindStart[(length + 1)..], out bool more);
        if (digits < 2)
        {
            frame = more ? default : Frame.Of(FrameError.BadChecksumDigits);
            return more ? 0 : 1 + length + 1 + digits;
        }

        ReadOnlySpan<byte> payload = behindStart[..length];
        int sent = (Hex.Digit(behindStart[length + 1]) << 4) | Hex.Digit(behindStart[length + 2]);
        frame = Checksum.Of(payload) != sent ? Frame.Of(FrameError.BadChecksum)
            : Frame.Of(bytes[0] == NotificationStart ? FrameKind.Notification : FrameKind.Packet, payload);
        return 1 + length + TrailerLength;
    }

    private int SwallowStrayBytes(int count, out Frame frame)
    {
        // Reported when the run begins: how many pieces it arrives in must not change the number of reports.
        frame = _inStrayBytes ? default : Frame.Of(FrameError.StrayBytes);
        _inStrayBytes = true;
        return count;
    }

    /// <summary>
    /// Drops bytes up to and including the frame's end; a new frame's start ends the swallowing as well.
    /// </summary>
    private int SwallowOversize(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOfAny(PayloadEnd, PacketStart);
        if (end != 0)
        {
            return end < 0 ? bytes.Length : end;
        }

        if (bytes[0] == PacketStart)
        {
            _inOversize = false;
            return 0;
        }

        int digits = CountDigits(bytes[1..], out bool more);
        if (more)
        {
            return 0;
        }

        _inOversize = false;
        return 1 + digits;
    }

    /// <summary>
    /// How many of the first two bytes are hexadecimal digits, and whether the answer could still grow.
    /// </summary>
    private static int CountDigits(ReadOnlySpan<byte> bytes, out bool more)
    {
        int count = 0;
        while (count < 2 && count < bytes.Length && Hex.Digit(bytes[count]) >= 0)
        {
            count++;
        }

        more = count < 2 && count == bytes.Length;
        return count;
    }

    /// <summary>Makes the first frame of a split input contiguous, and little more than that.</summary>
    private ReadOnlySpan<byte> Join(scoped in ReadOnlySequence<byte> input)
    {
        int wanted = 1 + PayloadMax + TrailerLength;
        int count = 0;
        bool endSeen = false;
        foreach (ReadOnlyMemory<byte> segment in input)
        {
            ReadOnlySpan<byte> piece = segment.Span;
            piece = piece[..Math.Min(piece.Length, wanted - count)];
            if (_joined.Length < count + piece.Length)
            {
                Array.Resize(ref _joined, Math.Max(count + piece.Length, Math.Min(2 * _joined.Length, wanted)));
            }

            piece.CopyTo(_joined.AsSpan(count));
            int from = count == 0 ? Math.Min(1, piece.Length) : 0;
            int end = endSeen ? -1 : piece[from..].IndexOf(PayloadEnd);
            if (end >= 0)
            {
                endSeen = true;
                wanted = Math.Min(wanted, count + from + end + TrailerLength);
            }

            count += piece.Length;
            if (count >= wanted)
            {
                break;
            }
        }

        return _joined.AsSpan(0, count);
    }
}
