using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using KgdbSim.Stub.Session;
using KgdbSim.Stub.Tests.Fakes;
using KgdbSim.Stub.Transport;

namespace KgdbSim.Stub.Tests.Transport;

/// <summary>The adapters: blocking sockets, standard streams and memory, each as a pipe.</summary>
public sealed class PipeTests
{
    [Fact]
    public async Task A_blocking_socket_is_read_as_a_pipe_is()
    {
        (Socket near, Socket far) = Connected();
        using (near)
        using (far)
        {
            SocketReader reader = new(near, capacity: 4);
            Assert.False(reader.TryRead(out _));
            far.Send("abc"u8);
            ReadResult first = await reader.ReadAsync();
            Assert.Equal("abc", Text(first.Buffer));

            // Two bytes are kept and all were looked at: the next read waits for more, and the buffer grows.
            reader.AdvanceTo(first.Buffer.GetPosition(1), first.Buffer.End);
            Assert.False(reader.TryRead(out _));
            far.Send("defgh"u8);
            while (true)
            {
                ReadResult more = await reader.ReadAsync();
                if (Text(more.Buffer) == "bcdefgh")
                {
                    reader.AdvanceTo(more.Buffer.GetPosition(2), more.Buffer.GetPosition(2));
                    break;
                }

                Assert.StartsWith(Text(more.Buffer), "bcdefgh");
                reader.AdvanceTo(more.Buffer.Start, more.Buffer.End);
            }

            // Not everything was looked at: what is left is there at once.
            Assert.True(reader.TryRead(out ReadResult rest));
            Assert.Equal("defgh", Text(rest.Buffer));
            reader.AdvanceTo(rest.Buffer.End);
            far.Shutdown(SocketShutdown.Send);
            ReadResult end = await reader.ReadAsync();
            Assert.True(end.IsCompleted && end.Buffer.IsEmpty);
        }
    }

    [Fact]
    public async Task A_socket_reset_by_the_peer_is_at_its_end()
    {
        (Socket near, Socket far) = Connected();
        far.LingerState = new LingerOption(true, 0);
        far.Dispose();
        using (near)
        {
            Assert.True((await new SocketReader(near).ReadAsync()).IsCompleted);
            SocketWriter writer = new(near);
            writer.Write("x"u8);
            await writer.FlushAsync();
            writer.Write("y"u8);
            Assert.True((await writer.FlushAsync()).IsCompleted);
        }
    }

    [Fact]
    public async Task What_is_written_is_sent_when_flushed_in_one_piece()
    {
        (Socket near, Socket far) = Connected();
        using (near)
        using (far)
        {
            SocketWriter writer = new(near, capacity: 2);
            writer.Write("abc"u8);
            writer.Write("defgh"u8);
            Assert.Equal(8, writer.UnflushedBytes);
            Assert.Equal(0, far.Available);
            await writer.FlushAsync();
            byte[] buffer = new byte[100];
            Assert.Equal(8, far.Receive(buffer));
            Assert.Equal(0, writer.UnflushedBytes);
        }
    }

    [Fact]
    public async Task Two_ends_in_memory_are_a_session()
    {
        (IDuplexPipe ours, IDuplexPipe gdbs) = InMemoryDuplex.CreatePair();
        MachineControl control = new(new FakeTarget());
        GdbSession session = new(control, ours.Output, new Stub.Monitor.MonitorCommands(), null);
        SliceRunner runner = new(control, null, TimeProvider.System);
        Task served = new SessionLoop(runner, session, ours, showConsole: false).RunAsync().AsTask();
        await gdbs.Output.WriteAsync(Encoding.ASCII.GetBytes(SessionDriver.Frame("qC") + SessionDriver.Frame("D")));
        string text = "";
        while (!text.EndsWith("$OK#9a", StringComparison.Ordinal))
        {
            ReadResult received = await gdbs.Input.ReadAsync();
            text += Text(received.Buffer);
            gdbs.Input.AdvanceTo(received.Buffer.End);
        }

        Assert.Equal("+$QC1#c5+$OK#9a", text);
        await served;
    }

    [Fact]
    public void Standard_streams_are_a_connection()
    {
        using MemoryStream input = new(Encoding.ASCII.GetBytes(SessionDriver.Frame("qC") + SessionDriver.Frame("k")));
        using MemoryStream output = new();
        using SingleConnection source = new(StdioConnection.Over(input, output));
        new MachineHost(new MachineControl(new FakeTarget()), source, new ServeOptions { Once = true }).Run();
        Assert.Equal("+$QC1#c5+", Encoding.ASCII.GetString(output.ToArray()));
    }

    private static string Text(ReadOnlySequence<byte> bytes) => Encoding.ASCII.GetString(bytes);

    private static (Socket Near, Socket Far) Connected()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Socket far = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000 };
        far.Connect(listener.LocalEndPoint!);
        return (listener.Accept(), far);
    }
}
