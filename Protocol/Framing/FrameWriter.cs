using System.Buffers;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Framing;

/// <summary>
/// Puts acknowledgements and frames on the wire. Payloads arrive finished: binary data in them is already escaped.
/// </summary>
/// <param name="output">Where the bytes go.</param>
/// <param name="encodeRuns">Whether payloads are run-length encoded. It saves bytes, not time: worth it on slow links
/// only.</param>
public readonly ref struct FrameWriter(IBufferWriter<byte> output, bool encodeRuns)
{
    /// <summary>The most space asked of the output at once, in bytes; larger payloads are written in pieces.</summary>
    private const int PieceMax = 0x10000;

    private readonly IBufferWriter<byte> _output = output;
    private readonly bool _encodeRuns = encodeRuns;

    /// <summary>Writes <c>$payload#xx</c>.</summary>
    public void Packet(ReadOnlySpan<byte> payload) => WriteFrame((byte)'$', payload);

    /// <summary>Writes <c>%payload#xx</c>, which is not acknowledged.</summary>
    public void Notification(ReadOnlySpan<byte> payload) => WriteFrame((byte)'%', payload);

    /// <summary>Writes <c>+</c>.</summary>
    public void Ack() => WriteByte((byte)'+');

    /// <summary>Writes <c>-</c>.</summary>
    public void Nak() => WriteByte((byte)'-');

    private void WriteByte(byte value)
    {
        _output.GetSpan(1)[0] = value;
        _output.Advance(1);
    }

    private void WriteFrame(byte start, ReadOnlySpan<byte> payload)
    {
        WriteByte(start);
        byte sum = 0;
        while (!payload.IsEmpty)
        {
            Span<byte> piece = _output.GetSpan(Math.Clamp(payload.Length, 3, PieceMax));
            int consumed;
            int written;
            if (_encodeRuns)
            {
                RunLength.Encode(payload, piece, out consumed, out written);
            }
            else
            {
                consumed = written = Math.Min(payload.Length, piece.Length);
                payload[..written].CopyTo(piece);
            }

            sum += Checksum.Of(piece[..written]);
            _output.Advance(written);
            payload = payload[consumed..];
        }

        Span<byte> trailer = _output.GetSpan(3);
        trailer[0] = (byte)'#';
        Hex.WriteByte(trailer[1..], sum);
        _output.Advance(3);
    }
}
