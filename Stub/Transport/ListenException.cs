namespace KgdbSim.Stub.Transport;

/// <summary>Listening where asked is not possible, and why, for a person: a port in use, no permission, a bad path.</summary>
public sealed class ListenException : Exception
{
    /// <summary>Says why.</summary>
    public ListenException(string message) : base(message)
    {
    }

    /// <summary>Says why, with what the system said.</summary>
    public ListenException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>For serializers only.</summary>
    public ListenException()
    {
    }
}
