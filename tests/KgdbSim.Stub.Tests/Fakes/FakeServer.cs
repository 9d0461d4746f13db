using KgdbSim.Stub.Session;
using KgdbSim.Stub.Transport;

namespace KgdbSim.Stub.Tests.Fakes;

/// <summary>A fake machine served on a socket by a thread of its own.</summary>
internal sealed class FakeServer : IDisposable
{
    private readonly Reception _source;
    private readonly Thread _thread;

    public FakeServer(string address = "127.0.0.1:0", FakeTarget? target = null, ServeOptions? options = null, bool run = false)
    {
        Target = target ?? new FakeTarget();
        Control = new MachineControl(Target);
        if (run)
        {
            Control.Release();
        }

        ListenAddress where = ListenAddress.Parse(address, out string error) ?? throw new ArgumentException(error);
        GdbListener listener = GdbListener.Bind(where);
        Port = listener.Port;
        Address = listener.Address;
        _source = new Reception(listener);
        MachineHost host = new(Control, _source, options ?? new ServeOptions());
        _thread = new Thread(host.Run) { IsBackground = true };
        _thread.Start();
    }

    public FakeTarget Target { get; }

    public MachineControl Control { get; }

    public int Port { get; }

    public string Address { get; }

    /// <summary>Whether serving has ended by itself.</summary>
    public bool HasEnded(TimeSpan patience) => _thread.Join(patience);

    public RawClient Connect() => RawClient.Tcp(Port).WithoutAcknowledgements();

    public void Dispose()
    {
        _source.Dispose();
        Assert.True(_thread.Join(TimeSpan.FromSeconds(10)), "serving does not end when its source is closed");
    }
}
