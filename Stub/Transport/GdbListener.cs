using System.Net;
using System.Net.Sockets;

namespace KgdbSim.Stub.Transport;

/// <summary>A bound TCP or Unix socket on which debuggers are accepted.</summary>
internal sealed class GdbListener : IDisposable
{
    private const int Backlog = 16;

    private readonly Socket _socket;
    private readonly string _unixPath;

    private GdbListener(Socket socket, string unixPath, string address)
    {
        _socket = socket;
        _unixPath = unixPath;
        Address = address;
    }

    /// <summary>Where it listens, with the port that was chosen: <c>127.0.0.1:1234</c> or <c>unix:/path</c>.</summary>
    public string Address { get; }

    /// <summary>The TCP port, 0 for a Unix socket.</summary>
    public int Port => (_socket.LocalEndPoint as IPEndPoint)?.Port ?? 0;

    /// <summary>Binds and listens.</summary>
    /// <exception cref="ListenException">It cannot be.</exception>
    public static GdbListener Bind(ListenAddress address) =>
        address.Kind == ListenKind.Unix ? BindUnix(address.Path) : BindTcp(address.EndPoint!);

    /// <summary>Waits for the next debugger; null when the listener was closed.</summary>
    public Connection? Accept()
    {
        while (true)
        {
            try
            {
                Socket socket = _socket.Accept();
                return SocketConnection.Over(socket, PeerOf(socket));
            }
            catch (SocketException failure) when (failure.SocketErrorCode is SocketError.ConnectionAborted
                or SocketError.ConnectionReset or SocketError.TooManyOpenSockets)
            {
                // This one never made it; the next may.
                Thread.Sleep(10);
            }
            catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
            {
                return null;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        if (_unixPath.Length > 0)
        {
            File.Delete(_unixPath);
        }
    }

    private static GdbListener BindTcp(IPEndPoint endPoint)
    {
        Socket socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endPoint);
            socket.Listen(Backlog);
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new ListenException(Explain(endPoint.ToString(), failure), failure);
        }

        return new GdbListener(socket, "", socket.LocalEndPoint!.ToString()!);
    }

    private static GdbListener BindUnix(string path)
    {
        RemoveStale(path);
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            socket.Listen(Backlog);
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new ListenException(Explain(path, failure), failure);
        }

        return new GdbListener(socket, path, "unix:" + path);
    }

    /// <summary>A socket file that nobody listens on is left over from a process that died: it would block the path forever.</summary>
    private static void RemoveStale(string path)
    {
        if (!Path.Exists(path))
        {
            return;
        }

        if (!IsSocket(path))
        {
            throw new ListenException($"{path} exists and is not a socket");
        }

        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }
        catch (SocketException failure)
        {
            throw new ListenException(Explain(path, failure), failure);
        }

        throw new ListenException($"{path} is in use: another process listens there");
    }

    private static bool IsSocket(string path)
    {
        if (Directory.Exists(path))
        {
            return false;
        }

        try
        {
            using FileStream opened = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return false;
        }
        catch (IOException)
        {
            // The one kind of file that exists and cannot be opened: ENXIO.
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Explain(string where, SocketException failure) => failure.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => $"{where} is in use: another process listens there",
        SocketError.AccessDenied => $"{where}: permission denied",
        SocketError.AddressNotAvailable => $"{where} is not an address of this host",
        _ => $"cannot listen on {where}: {failure.Message}",
    };

    private static string PeerOf(Socket socket) =>
        socket.RemoteEndPoint is IPEndPoint peer ? peer.ToString() : "a Unix socket";
}
