using KgdbSim.Stub.Tests.Fakes;
using KgdbSim.Stub.Transport;

namespace KgdbSim.Stub.Tests.Transport;

/// <summary>Addresses to listen on, and listening there.</summary>
public sealed class ListenTests
{
    [Theory]
    [InlineData("127.0.0.1:1234", "127.0.0.1:1234", false)]
    [InlineData(":0", "127.0.0.1:0", false)]
    [InlineData("localhost:65535", "127.0.0.1:65535", false)]
    [InlineData("[::1]:99", "[::1]:99", false)]
    [InlineData("0.0.0.0:1", "0.0.0.0:1", true)]
    [InlineData("*:1", "0.0.0.0:1", true)]
    [InlineData("192.0.2.1:1", "192.0.2.1:1", true)]
    public void Tcp_addresses(string text, string endPoint, bool remote)
    {
        ListenAddress address = ListenAddress.Parse(text, out _)!;
        Assert.Equal(endPoint, address.EndPoint!.ToString());
        Assert.Equal(remote, address.IsRemote);
    }

    [Theory]
    [InlineData("", "none of HOST:PORT")]
    [InlineData("1234", "none of HOST:PORT")]
    [InlineData("127.0.0.1:", "'' is not a port")]
    [InlineData("127.0.0.1:65536", "'65536' is not a port")]
    [InlineData("127.0.0.1:-1", "'-1' is not a port")]
    [InlineData("127.0.0.1: 1", "' 1' is not a port")]
    [InlineData("nowhere.invalid:1", "'nowhere.invalid' is not an address")]
    [InlineData("unix:", "needs a path")]
    public void What_is_no_address_is_explained(string text, string explanation)
    {
        Assert.Null(ListenAddress.Parse(text, out string error));
        Assert.Contains(explanation, error);
    }

    [Fact]
    public void A_path_too_long_for_the_system_is_explained()
    {
        Assert.Null(ListenAddress.Parse("unix:/" + new string('x', 200), out string error));
        Assert.Contains("at most 107 bytes", error);
    }

    [Fact]
    public void A_port_in_use_is_a_named_error()
    {
        using FakeServer server = new();
        ListenException refused = Assert.Throws<ListenException>(
            () => GdbListener.Bind(ListenAddress.Parse($"127.0.0.1:{server.Port}", out _)!));
        Assert.Equal($"127.0.0.1:{server.Port} is in use: another process listens there", refused.Message);
    }

    [Fact]
    public void An_address_of_another_host_is_a_named_error()
    {
        ListenException refused = Assert.Throws<ListenException>(
            () => GdbListener.Bind(ListenAddress.Parse("192.0.2.1:0", out _)!));
        Assert.Contains("is not an address of this host", refused.Message);
    }

    [Fact]
    public void A_unix_socket_comes_goes_and_comes_back()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "gdb.sock");
        for (int i = 0; i < 2; i++)
        {
            using FakeServer server = new("unix:" + path);
            Assert.Equal("unix:" + path, server.Address);
            using RawClient gdb = RawClient.Unix(path);
            Assert.Equal("QC1", gdb.Ask("qC"));
        }

        Assert.False(Path.Exists(path));
    }

    [Fact]
    public void A_unix_socket_that_a_dead_process_left_behind_is_taken_over()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "gdb.sock");
        using (System.Net.Sockets.Socket left = new(
            System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified))
        {
            left.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(path));

            // .NET deletes the file with the socket; a process that dies does not.
            File.Move(path, path + ".kept");
        }

        File.Move(path + ".kept", path);
        using FakeServer server = new("unix:" + path);
        using RawClient gdb = RawClient.Unix(path);
        Assert.Equal("QC1", gdb.Ask("qC"));
    }

    [Fact]
    public void A_unix_socket_in_use_or_another_kind_of_file_is_left_alone()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "gdb.sock");
        using (FakeServer server = new("unix:" + path))
        {
            Assert.Contains("is in use", Assert.Throws<ListenException>(() => Bind(path)).Message);
        }

        string file = Path.Combine(folder.Path, "notes.txt");
        File.WriteAllText(file, "");
        Assert.Contains("is not a socket", Assert.Throws<ListenException>(() => Bind(file)).Message);
        Assert.True(File.Exists(file));
        Assert.Contains("is not a socket", Assert.Throws<ListenException>(() => Bind(folder.Path)).Message);
    }

    private static GdbListener Bind(string path) => GdbListener.Bind(ListenAddress.Parse("unix:" + path, out _)!);

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("kgdbsim").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
