namespace KgdbSim.Stub.Transport;

/// <summary>Where debuggers come from, one at a time. <see cref="IDisposable.Dispose"/> ends it from any thread.</summary>
internal interface IConnectionSource : IDisposable
{
    /// <summary>Whether nobody will come any more.</summary>
    bool IsClosed { get; }

    /// <summary>Waits for a debugger; null when nobody will come any more.</summary>
    Connection? Take();

    /// <summary>Takes the debugger that waits, if one does; it has the place until <see cref="Leave"/>.</summary>
    Connection? TryTake();

    /// <summary>Closes the connection taken last and makes the place free.</summary>
    void Leave(Connection connection);
}
