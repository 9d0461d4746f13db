using System.Globalization;
using System.Net;

namespace KgdbSim.Stub.Transport;

/// <summary>What kind of door debuggers come in by.</summary>
internal enum ListenKind : byte
{
    /// <summary>A TCP port.</summary>
    Tcp,

    /// <summary>A Unix domain socket.</summary>
    Unix,

    /// <summary>The process's standard input and output.</summary>
    Stdio,
}

/// <summary>Where to listen: <c>HOST:PORT</c>, <c>unix:PATH</c> or <c>stdio</c>.</summary>
internal sealed record ListenAddress
{
    private const string UnixPrefix = "unix:";

    /// <summary>The longest path of a Unix socket on Linux: <c>sun_path</c> without its final NUL, in bytes.</summary>
    private const int UnixPathMax = 107;

    private ListenAddress(ListenKind kind, IPEndPoint? endPoint, string path)
    {
        Kind = kind;
        EndPoint = endPoint;
        Path = path;
    }

    /// <summary>Which of the three it is.</summary>
    public ListenKind Kind { get; }

    /// <summary>Address and port (0: any free one), for <see cref="ListenKind.Tcp"/>.</summary>
    public IPEndPoint? EndPoint { get; }

    /// <summary>The socket's path, for <see cref="ListenKind.Unix"/>; else empty.</summary>
    public string Path { get; }

    /// <summary>Any free port of this host, for this host only.</summary>
    public static ListenAddress AnyLoopbackPort { get; } = new(ListenKind.Tcp, new IPEndPoint(IPAddress.Loopback, 0), "");

    /// <summary>Whether other hosts can reach it.</summary>
    public bool IsRemote => EndPoint is { } endPoint && !IPAddress.IsLoopback(endPoint.Address);

    /// <summary>Reads an address; <paramref name="error"/> says what is wrong with it if it is none.</summary>
    public static ListenAddress? Parse(string text, out string error)
    {
        error = "";
        if (text == "stdio")
        {
            return new ListenAddress(ListenKind.Stdio, null, "");
        }

        return text.StartsWith(UnixPrefix, StringComparison.Ordinal)
            ? ParseUnix(text[UnixPrefix.Length..], out error)
            : ParseTcp(text, out error);
    }

    private static ListenAddress? ParseUnix(string path, out string error)
    {
        int length = System.Text.Encoding.UTF8.GetByteCount(path);
        error = length switch
        {
            0 => "'unix:' needs a path",
            > UnixPathMax => $"a Unix socket's path has at most {UnixPathMax} bytes, this one has {length}",
            _ => "",
        };
        return error.Length > 0 ? null : new ListenAddress(ListenKind.Unix, null, System.IO.Path.GetFullPath(path));
    }

    private static ListenAddress? ParseTcp(string text, out string error)
    {
        error = "";
        int colon = text.LastIndexOf(':');
        if (colon < 0)
        {
            error = $"'{text}' is none of HOST:PORT, unix:PATH, stdio";
            return null;
        }

        string digits = text[(colon + 1)..];
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            || port > IPEndPoint.MaxPort)
        {
            error = $"'{digits}' is not a port: 0 (any free one) to {IPEndPoint.MaxPort}";
            return null;
        }

        string host = text[..colon];
        IPAddress? address = Resolve(host);
        error = address is null ? $"'{host}' is not an address of this host" : "";
        return address is null ? null : new ListenAddress(ListenKind.Tcp, new IPEndPoint(address, port), "");
    }

    private static IPAddress? Resolve(string host)
    {
        if (host is "" or "localhost")
        {
            return IPAddress.Loopback;
        }

        if (host is "*")
        {
            return IPAddress.Any;
        }

        return IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) ? address : null;
    }
}
