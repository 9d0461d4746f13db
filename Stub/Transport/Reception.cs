using System.Buffers;
using KgdbSim.Protocol.Framing;

namespace KgdbSim.Stub.Transport;

/// <summary>
/// Lets debuggers in one at a time. A second one is told so, in words that gdb shows and a person at a terminal can read,
/// and its connection is closed; the one being served notices nothing.
/// </summary>
/// <remarks>The accepting thread never touches the machine: all it does is hand connections over.</remarks>
internal sealed class Reception : IConnectionSource
{
    /// <summary>
    /// How long a newcomer waits for the place to become free: a debugger that reconnects at once after leaving may well
    /// be faster than the machine's thread notices the leaving.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a refused debugger gets to read the refusal before its connection is cut.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private static readonly byte[] Refusal = RefusalBytes();

    private readonly GdbListener _listener;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _free = new(1, 1);
    private readonly ManualResetEventSlim _arrived = new(false);
    private Connection? _waiting;
    private Connection? _served;
    private bool _closed;

    /// <summary>Starts accepting.</summary>
    public Reception(GdbListener listener)
    {
        _listener = listener;
        Thread acceptor = new(AcceptAll) { IsBackground = true, Name = "kgdbsim accept" };
        acceptor.Start();
    }

    /// <inheritdoc/>
    public Connection? TryTake()
    {
        if (!_arrived.IsSet)
        {
            return null;
        }

        lock (_lock)
        {
            Connection? taken = _waiting;
            _waiting = null;
            _served = taken;
            if (!_closed)
            {
                _arrived.Reset();
            }

            return taken;
        }
    }

    /// <inheritdoc/>
    public Connection? Take()
    {
        while (true)
        {
            _arrived.Wait();
            if (TryTake() is { } taken)
            {
                return taken;
            }

            if (IsClosed)
            {
                return null;
            }
        }
    }

    /// <inheritdoc/>
    public bool IsClosed
    {
        get
        {
            lock (_lock)
            {
                return _closed;
            }
        }
    }

    /// <inheritdoc/>
    public void Leave(Connection connection)
    {
        connection.Dispose();
        lock (_lock)
        {
            _served = null;
        }

        _free.Release();
    }

    /// <summary>Lets nobody in any more and cuts the connection being served; from any thread.</summary>
    public void Dispose()
    {
        _listener.Dispose();
        lock (_lock)
        {
            _closed = true;
            _served?.Interrupt();
            _waiting?.Dispose();
            _arrived.Set();
        }
    }

    private void AcceptAll()
    {
        while (_listener.Accept() is { } connection)
        {
            if (_free.Wait(Grace))
            {
                Announce(connection);
            }
            else
            {
                Thread refuser = new(() => Refuse(connection)) { IsBackground = true, Name = "kgdbsim refuse" };
                refuser.Start();
            }
        }
    }

    private void Announce(Connection connection)
    {
        lock (_lock)
        {
            if (_closed)
            {
                connection.Dispose();
                return;
            }

            _waiting = connection;
            _arrived.Set();
        }
    }

    private static void Refuse(Connection connection)
    {
        connection.Pipe.Output.Write(Refusal);
        connection.Pipe.Output.FlushAsync().AsTask().GetAwaiter().GetResult();

        // Closing with unread input resets the connection, which would take the refusal away before it is read: so the
        // peer gets time to read it and to hang up by itself.
        using Timer deadline = new(_ => connection.Interrupt(), null, Farewell, Timeout.InfiniteTimeSpan);
        while (true)
        {
            System.IO.Pipelines.ReadResult received = connection.Pipe.Input.ReadAsync().AsTask().GetAwaiter().GetResult();
            connection.Pipe.Input.AdvanceTo(received.Buffer.End);
            if (received.IsCompleted)
            {
                break;
            }
        }

        connection.Dispose();
    }

    private static byte[] RefusalBytes()
    {
        // The acknowledgement first, or gdb would wait for one and send its packet again.
        ArrayBufferWriter<byte> bytes = new();
        FrameWriter frames = new(bytes, encodeRuns: false);
        frames.Ack();
        frames.Packet("E.another debugger is attached to this machine"u8);
        return bytes.WrittenSpan.ToArray();
    }
}
