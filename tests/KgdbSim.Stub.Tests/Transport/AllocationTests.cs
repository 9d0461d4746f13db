using System.Buffers;
using System.Text;
using KgdbSim.Stub.Monitor;
using KgdbSim.Stub.Session;
using KgdbSim.Stub.Tests.Fakes;

namespace KgdbSim.Stub.Tests.Transport;

/// <summary>Answering a packet allocates nothing, nor does a stop: counted, not timed.</summary>
public sealed class AllocationTests
{
    [Theory]
    [InlineData("qC")]
    [InlineData("g")]
    [InlineData("p10")]
    [InlineData("P3=8877665544332211")]
    [InlineData("m2000,200")]
    [InlineData("x2000,200")]
    [InlineData("M2000,4:01020304")]
    [InlineData("X2000,4:a}\u0003]")]
    [InlineData("Hgp1.2")]
    [InlineData("Tp1.2")]
    [InlineData("qfThreadInfo")]
    [InlineData("qThreadExtraInfo,p1.2")]
    [InlineData("qXfer:threads:read::0,fff")]
    [InlineData("vCont?")]
    [InlineData("vCont;s:p1.1")]
    [InlineData("vCont;s:p1.1;c")]
    [InlineData("vCont;r1000,1001:p1.1")]
    [InlineData("?")]
    [InlineData("qNobodyKnows")]
    [InlineData("mzz")]
    public void A_packet(string payload)
    {
        ArrayBufferWriter<byte> output = new(0x10000);
        MachineControl control = new(new FakeTarget());
        control.Target.Breakpoints!.Insert(false, 0x1080);
        GdbSession session = new(control, output, new MonitorCommands(), null);
        ReadOnlySequence<byte> input = new(Encoding.Latin1.GetBytes(SessionDriver.Frame(payload)));
        ((FakeTarget)control.Target).Slices.EnsureCapacity(100_000);

        // Code that is not yet compiled for good may box what later it does not: what counts is where it settles.
        long least = long.MaxValue;
        for (int batch = 0; batch < 50 && least > 0; batch++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++)
            {
                Once(session, control, input, output);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static void Once(
        GdbSession session, MachineControl control, ReadOnlySequence<byte> input, ArrayBufferWriter<byte> output)
    {
        session.Receive(input, out _, out _);
        while (session.Demand == SessionDemand.Run)
        {
            session.SliceEnded(control.RunSlice(1000));
        }

        output.ResetWrittenCount();
    }
}
