using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace KgdbSim.Stub.Transport;

/// <summary>
/// Reads a blocking socket on the caller's thread: <see cref="ReadAsync"/> blocks in the kernel and is complete when it
/// returns. A debugger's request is answered by the thread that received it, which halves the latency of a round trip
/// against the runtime's asynchronous sockets (no epoll thread, no hand-over), and nothing is allocated.
/// </summary>
/// <param name="socket">A connected socket in blocking mode on which no asynchronous operation was ever started.</param>
/// <param name="capacity">First size of the buffer in bytes; it doubles when one packet fills it.</param>
internal sealed class SocketReader(Socket socket, int capacity = 0x10000) : PipeReader
{
    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(capacity);
    private int _start;
    private int _end;
    private bool _allExamined = true;
    private bool _ended;

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        if (_allExamined && !_ended)
        {
            if (!CanReceive())
            {
                result = default;
                return false;
            }

            Receive();
        }

        result = Result();
        return true;
    }

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_allExamined && !_ended)
        {
            Receive();
        }

        return new ValueTask<ReadResult>(Result());
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _start = consumed.GetInteger();
        _allExamined = examined.GetInteger() == _end;
        if (_start == _end)
        {
            _start = _end = 0;
            _allExamined = true;
        }
    }

    /// <summary>Not offered: a blocked read is ended by disposing of the connection.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override void CancelPendingRead() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => _ended = true;

    private ReadResult Result() =>
        new(new ReadOnlySequence<byte>(_buffer, _start, _end - _start), isCanceled: false, isCompleted: _ended);

    private bool CanReceive()
    {
        try
        {
            return socket.Poll(0, SelectMode.SelectRead);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }

    private void Receive()
    {
        MakeRoom();
        _allExamined = false;
        try
        {
            int count = socket.Receive(_buffer.AsSpan(_end));
            _end += count;
            _ended = count == 0;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // A reset connection and one that this side closed are both the end of the stream: nobody is there any more.
            _ended = true;
        }
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }
}
