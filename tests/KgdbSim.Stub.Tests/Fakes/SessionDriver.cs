using System.Buffers;
using System.Globalization;
using System.Text;
using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Monitor;
using KgdbSim.Stub.Session;

namespace KgdbSim.Stub.Tests.Fakes;

/// <summary>A session without any transport: packets in, what came back out, slices run as demanded.</summary>
internal sealed class SessionDriver
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private byte[] _unconsumed = [];

    public SessionDriver(FakeTarget? target = null, bool noAck = true) : this(new MachineControl(target ?? new FakeTarget()), noAck)
    {
    }

    public SessionDriver(MachineControl control, bool noAck = true)
    {
        Control = control;
        Session = new GdbSession(control, _output, MonitorCommands.For(control.Target, []), null);
        if (noAck)
        {
            Assert.Equal("+$OK#9a", SendRaw(Frame("QStartNoAckMode")));
        }
    }

    public MachineControl Control { get; }

    public FakeTarget Target => (FakeTarget)Control.Target;

    public GdbSession Session { get; }

    public static string Frame(string payload)
    {
        int sum = Encoding.Latin1.GetBytes(payload).Sum(value => value);
        return string.Create(CultureInfo.InvariantCulture, $"${payload}#{sum & 0xff:x2}");
    }

    /// <summary>Announces a debugger like gdb 13.</summary>
    public SessionDriver Negotiated(string features = "multiprocess+;swbreak+;hwbreak+;no-resumed+;error-message+")
    {
        Ask($"qSupported:{features}");
        return this;
    }

    /// <summary>Sends a packet and returns the one reply to it, running what it asks to run, at most so many slices.</summary>
    public string Ask(string payload, int slices = 3)
    {
        string[] replies = AskAll(payload, slices);
        Assert.True(replies.Length == 1, $"one reply to '{payload}' expected, got: {string.Join(" | ", replies)}");
        return replies[0];
    }

    /// <summary>Sends a packet and returns all replies.</summary>
    public string[] AskAll(string payload, int slices = 3)
    {
        string raw = SendRaw(Frame(payload));
        return Payloads(raw + RunSlices(slices));
    }

    /// <summary>Sends bytes as they are and returns what comes back without running anything.</summary>
    public string SendRaw(string bytes)
    {
        byte[] input = [.. _unconsumed, .. Encoding.Latin1.GetBytes(bytes)];
        ReadOnlySequence<byte> sequence = new(input);
        Session.Receive(sequence, out SequencePosition consumed, out _);
        _unconsumed = sequence.Slice(consumed).ToArray();
        return TakeOutput();
    }

    /// <summary>Runs up to so many slices as long as the session asks for them.</summary>
    public string RunSlices(int count)
    {
        for (int i = 0; i < count && Session.Demand == SessionDemand.Run; i++)
        {
            RunResult result = Control.RunSlice(100);
            if (Control.Target.Console is { Pending.IsEmpty: false } console)
            {
                Session.TryPrint(console.Pending);
                console.Discard();
            }

            Session.SliceEnded(result);
        }

        return TakeOutput();
    }

    public static string[] Payloads(string raw)
    {
        List<string> payloads = [];
        int at = 0;
        while ((at = raw.IndexOf('$', at)) >= 0)
        {
            int end = raw.IndexOf('#', at);
            payloads.Add(raw[(at + 1)..end]);
            at = end;
        }

        return [.. payloads];
    }

    private string TakeOutput()
    {
        string text = Encoding.Latin1.GetString(_output.WrittenSpan);
        _output.ResetWrittenCount();
        return text;
    }
}
