using System.Text;
using KgdbSim.Stub.Session;

namespace KgdbSim.Stub.Kgdb.Serving;

/// <summary>Sees the bytes of the serial line go by and tells a trace the packets in them. The line itself knows of no packets.</summary>
internal sealed class WireTap(IWireTrace trace)
{
    private readonly Direction _in = new(trace.Received, trace.Note, "from the debugger");
    private readonly Direction _out = new(trace.Sent, trace.Note, "from the stub");

    /// <summary>Bytes arrive from the debugger.</summary>
    public void Received(ReadOnlySpan<byte> bytes) => _in.Feed(bytes);

    /// <summary>Bytes have gone to the debugger, or to nobody.</summary>
    public void Sent(ReadOnlySpan<byte> bytes) => _out.Feed(bytes);

    private delegate void Packet(ReadOnlySpan<byte> payload);

    private sealed class Direction(Packet packet, Action<string> note, string where)
    {
        private readonly List<byte> _partial = [];
        private readonly StringBuilder _other = new();
        private int _checksumLeft;

        public void Feed(ReadOnlySpan<byte> bytes)
        {
            foreach (byte value in bytes)
            {
                Feed(value);
            }

            // Console text and the like: what came at once is told at once.
            if (_other.Length > 0)
            {
                note($"{where}: {_other}");
                _other.Clear();
            }
        }

        private void Feed(byte value)
        {
            if (_checksumLeft > 0)
            {
                if (--_checksumLeft == 0)
                {
                    packet(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_partial)[1..]);
                    _partial.Clear();
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
            else if (value != '+')
            {
                _other.Append((char)value);
            }
        }
    }
}
