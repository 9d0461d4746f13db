using System.Buffers;
using KgdbSim.Protocol.Framing;

namespace KgdbSim.Protocol.Tests.Support;

/// <summary>Frames put together from the manual's words, independently of the writer under test.</summary>
internal static class Frames
{
    /// <summary><c>$payload#xx</c>.</summary>
    public static byte[] Packet(ReadOnlySpan<byte> payload) => Frame('$', payload);

    /// <summary><c>%payload#xx</c>.</summary>
    public static byte[] Notification(ReadOnlySpan<byte> payload) => Frame('%', payload);

    /// <summary>Everything the framer reports for an input that is all there, as one line each.</summary>
    public static List<string> Read(PacketFramer framer, ReadOnlySequence<byte> input) => Read(framer, ref input);

    /// <summary>The same; <paramref name="input"/> becomes what is left over.</summary>
    public static List<string> Read(PacketFramer framer, ref ReadOnlySequence<byte> input)
    {
        var events = new List<string>();
        SequencePosition consumed;
        SequencePosition examined;
        while (framer.TryRead(input, out Frame frame, out consumed, out examined))
        {
            Assert.Equal(input.GetOffset(consumed), input.GetOffset(examined));
            Assert.True(input.GetOffset(consumed) > input.GetOffset(input.Start), "a frame must consume something");
            events.Add(Describe(frame));
            input = input.Slice(consumed);
        }

        Assert.Equal(input.GetOffset(input.End), input.GetOffset(examined));
        input = input.Slice(consumed);
        return events;
    }

    /// <summary>One frame as text.</summary>
    public static string Describe(in Frame frame) =>
        frame.Kind == FrameKind.Error
            ? frame.Error.ToString()
            : $"{frame.Kind} {Convert.ToHexStringLower(frame.Payload)}";

    private static byte[] Frame(char start, ReadOnlySpan<byte> payload)
    {
        int sum = 0;
        foreach (byte value in payload)
        {
            sum = (sum + value) % 256;
        }

        return [(byte)start, .. payload, (byte)'#', .. System.Text.Encoding.ASCII.GetBytes(sum.ToString("x2"))];
    }
}
