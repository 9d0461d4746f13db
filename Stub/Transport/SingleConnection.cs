namespace KgdbSim.Stub.Transport;

/// <summary>A debugger that is already there and after whom nobody comes: standard input, or a pipe in memory.</summary>
internal sealed class SingleConnection(Connection connection) : IConnectionSource
{
    private readonly Lock _lock = new();
    private bool _taken;
    private bool _closed;

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
    public Connection? Take() => TryTake();

    /// <inheritdoc/>
    public Connection? TryTake()
    {
        lock (_lock)
        {
            bool free = !_taken && !_closed;
            _taken = true;
            return free ? connection : null;
        }
    }

    /// <inheritdoc/>
    public void Leave(Connection left)
    {
        Dispose();
        left.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
        }

        connection.Interrupt();
    }
}
