using KgdbSim.Stub.Transport;

namespace KgdbSim.Cli;

/// <summary>Passes what the guest prints on to a stream, byte for byte.</summary>
internal static class GuestOutput
{
    /// <summary>Writes to the stream, at once; a reader that is gone is not waited for.</summary>
    public static ConsoleSink To(Stream stream) => text =>
    {
        try
        {
            stream.Write(text);
            stream.Flush();
        }
        catch (IOException)
        {
            // 'kgdbsim run | head' closes the pipe; the guest knows nothing of it.
        }
    };
}
