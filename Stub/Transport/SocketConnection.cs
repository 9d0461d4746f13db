using System.Net.Sockets;

namespace KgdbSim.Stub.Transport;

/// <summary>Makes a connection of an accepted socket.</summary>
internal static class SocketConnection
{
    /// <summary>Takes the socket over; it must never have been used asynchronously.</summary>
    public static Connection Over(Socket socket, string peer)
    {
        if (socket.AddressFamily != AddressFamily.Unix)
        {
            // Replies are small and answered at once: waiting to fill a segment would cost 40 ms each.
            socket.NoDelay = true;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        }

        DuplexPipe pipe = new(new SocketReader(socket), new SocketWriter(socket));
        return new Connection(pipe, peer, () => Shutdown(socket), () => Close(socket));
    }

    private static void Close(Socket socket)
    {
        // Dispose alone would reset the connection when unread input is left, and the last reply might be lost with it.
        Shutdown(socket);
        socket.Dispose();
    }

    private static void Shutdown(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The peer was faster.
        }
    }
}
