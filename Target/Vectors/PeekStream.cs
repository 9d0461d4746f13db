namespace KgdbSim.Target.Vectors;

/// <summary>A stream whose first two bytes can be looked at before anyone reads them; seeking is not asked of the source.</summary>
internal sealed class PeekStream : Stream
{
    private readonly Stream _source;
    private readonly byte[] _head = new byte[2];
    private readonly int _headLength;
    private int _headRead;

    public PeekStream(Stream source)
    {
        _source = source;
        _headLength = source.ReadAtLeast(_head, _head.Length, throwOnEndOfStream: false);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public bool StartsWith(byte first, byte second) => _headLength == 2 && _head[0] == first && _head[1] == second;

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (_headRead == _headLength)
        {
            return _source.Read(buffer, offset, count);
        }

        int part = Math.Min(count, _headLength - _headRead);
        _head.AsSpan(_headRead, part).CopyTo(buffer.AsSpan(offset));
        _headRead += part;
        return part;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _source.Dispose();
        }

        base.Dispose(disposing);
    }
}
