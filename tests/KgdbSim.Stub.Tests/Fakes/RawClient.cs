using System.Net.Sockets;
using System.Text;

namespace KgdbSim.Stub.Tests.Fakes;

/// <summary>A debugger that is a socket and nothing else; every wait ends after ten seconds, with a failure.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket;
    private readonly StringBuilder _received = new();

    private RawClient(Socket socket)
    {
        _socket = socket;
        _socket.ReceiveTimeout = 10_000;
    }

    public static RawClient Tcp(int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect("127.0.0.1", port);
        return new RawClient(socket);
    }

    public static RawClient Unix(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return new RawClient(socket);
    }

    public RawClient WithoutAcknowledgements()
    {
        Assert.Equal("OK", Ask("QStartNoAckMode"));
        return this;
    }

    public void SendRaw(string bytes) => _socket.Send(Encoding.Latin1.GetBytes(bytes));

    public string Ask(string payload)
    {
        SendRaw(SessionDriver.Frame(payload));
        return Receive();
    }

    /// <summary>The payload of the next packet.</summary>
    public string Receive()
    {
        while (true)
        {
            string text = _received.ToString();
            int start = text.IndexOf('$');
            int end = start < 0 ? -1 : text.IndexOf('#', start);
            if (end >= 0 && end + 2 < text.Length)
            {
                _received.Remove(0, end + 3);
                return text[(start + 1)..end];
            }

            Assert.True(ReceiveMore(), $"the connection ended; received so far: '{text}'");
        }
    }

    /// <summary>Everything until the other side closes.</summary>
    public string ReceiveAll()
    {
        while (ReceiveMore())
        {
        }

        return _received.ToString();
    }

    /// <summary>Ends the connection as a killed process does, or with a reset.</summary>
    public void Cut(bool reset)
    {
        if (reset)
        {
            _socket.LingerState = new LingerOption(true, 0);
        }

        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();

    private bool ReceiveMore()
    {
        byte[] buffer = new byte[4096];
        int count = _socket.Receive(buffer);
        _received.Append(Encoding.Latin1.GetString(buffer, 0, count));
        return count > 0;
    }
}
