using System.IO.Pipelines;
using System.Net.Sockets;

namespace KgdbSim.Stub.Transport;

/// <summary>Collects what is written and sends it with one call when flushed, on the caller's thread.</summary>
/// <param name="socket">A connected socket in blocking mode.</param>
/// <param name="capacity">First size of the buffer in bytes; it grows to the largest batch ever written.</param>
internal sealed class SocketWriter(Socket socket, int capacity = 0x10000) : PipeWriter
{
    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(capacity);
    private int _end;
    private bool _ended;

    /// <inheritdoc/>
    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _buffer.Length - _end);
        _end += bytes;
    }

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _buffer.AsMemory(_end);
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _buffer.AsSpan(_end);
    }

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes => _end;

    /// <summary>Sends everything; a peer that is gone shows as a completed result, as the end of input will.</summary>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        ReadOnlySpan<byte> rest = _buffer.AsSpan(0, _end);
        _end = 0;
        try
        {
            while (!rest.IsEmpty && !_ended)
            {
                rest = rest[socket.Send(rest)..];
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            _ended = true;
        }

        return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: _ended));
    }

    /// <summary>Not offered: a blocked send is ended by disposing of the connection.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override void CancelPendingFlush() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => _ended = true;

    private void MakeRoom(int sizeHint)
    {
        int needed = _end + Math.Max(sizeHint, 1);
        if (needed > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(needed, _buffer.Length * 2));
        }
    }
}
