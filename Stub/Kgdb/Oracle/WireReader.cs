using System.Text;

namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>Takes the stub's output apart into packets and acknowledgements.</summary>
/// <param name="hasKdb">kdb's text names packets, which are none.</param>
internal sealed class WireReader(bool hasKdb = false)
{
    private readonly Queue<byte[]> _packets = new();
    private readonly List<byte> _partial = [];
    private readonly StringBuilder _text = new();
    private int _checksumLeft;

    /// <summary>Acknowledgements + and - that nobody has asked for yet.</summary>
    public int AcknowledgedCount { get; private set; }

    public int RefusedCount { get; private set; }

    public int PacketCount => _packets.Count;

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            Feed(value);
        }
    }

    public byte[]? NextPacket() => _packets.TryDequeue(out byte[]? packet) ? packet : null;

    public byte[]? PeekPacket() => _packets.TryPeek(out byte[]? packet) ? packet : null;

    public bool TakeAcknowledgement(bool positive)
    {
        if ((positive ? AcknowledgedCount : RefusedCount) == 0)
        {
            return false;
        }

        AcknowledgedCount -= positive ? 1 : 0;
        RefusedCount -= positive ? 0 : 1;
        return true;
    }

    /// <summary>"use $D#44+ or $3#33": kgdb has no such replies.</summary>
    public static bool IsKdbText(ReadOnlySpan<byte> packet) => packet is [(byte)'D'] or [(byte)'3'];

    /// <summary>The characters that were neither packets nor acknowledgements, since the last time.</summary>
    public string TakeText()
    {
        string text = _text.ToString();
        _text.Clear();
        return text;
    }

    private void Feed(byte value)
    {
        if (_checksumLeft > 0)
        {
            if (--_checksumLeft == 0)
            {
                byte[] packet = [.. _partial[1..]];
                _partial.Clear();
                if (hasKdb && IsKdbText(packet))
                {
                    _text.Append('$').Append((char)packet[0]);
                }
                else
                {
                    _packets.Enqueue(packet);
                }
            }
        }
        else if (_partial.Count > 0 && value == '#')
        {
            _checksumLeft = 2;
        }
        else if (_partial.Count > 0 || value == '$')
        {
            _partial.Add(value);
        }
        else
        {
            AcknowledgedCount += value == '+' ? 1 : 0;
            RefusedCount += value == '-' ? 1 : 0;
            if (value is not ((byte)'+' or (byte)'-'))
            {
                _text.Append((char)value);
            }
        }
    }
}
