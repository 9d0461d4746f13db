using System.IO.Pipelines;
using System.Text;
using KgdbSim.Stub.Embedding;
using KgdbSim.Stub.Tests.Fakes;
using KgdbSim.Stub.Transport;
using KgdbSim.Target.Embedding;

namespace KgdbSim.Stub.Tests.Embedding;

/// <summary>A machine served from inside another program.</summary>
public sealed class GdbEndpointTests
{
    [Fact]
    public async Task A_debugger_connects_by_tcp_until_the_endpoint_is_disposed_of()
    {
        GdbEndpoint endpoint = GdbEndpoint.Listen(new FakeTarget(), "127.0.0.1:0");
        using RawClient gdb = RawClient.Tcp(endpoint.Port).WithoutAcknowledgements();
        Assert.Equal($"127.0.0.1:{endpoint.Port}", endpoint.Address);
        gdb.SendRaw(SessionDriver.Frame("vCont;c"));
        endpoint.Dispose();
        await endpoint.Completion;
        Assert.Equal("", gdb.ReceiveAll());
    }

    [Fact]
    public async Task A_debugger_in_the_same_process_is_given_a_pipe()
    {
        using GdbEndpoint endpoint = GdbEndpoint.Attach(new FakeTarget(), out IDuplexPipe debugger);
        await debugger.Output.WriteAsync(Encoding.ASCII.GetBytes(SessionDriver.Frame("qC")));
        ReadResult reply = await debugger.Input.ReadAtLeastAsync(8);
        Assert.StartsWith("+$QC1#", Encoding.ASCII.GetString(reply.Buffer));
        debugger.Input.AdvanceTo(reply.Buffer.End);
        await debugger.Output.CompleteAsync();
        await endpoint.Completion;
    }

    [Fact]
    public async Task Its_threads_can_be_the_kernels_tasks()
    {
        using Simulation simulation = new(new SimulationOptions { CpuCount = 1, Kernel = "6.1" });
        simulation.Load(BuiltInGuest.Build(false));
        using GdbEndpoint endpoint = GdbEndpoint.Attach(simulation, out IDuplexPipe debugger, GdbThreads.Tasks);
        await debugger.Output.WriteAsync(Encoding.ASCII.GetBytes(SessionDriver.Frame("qfThreadInfo")));
        ReadResult reply = await debugger.Input.ReadAtLeastAsync(16);
        Assert.StartsWith("+$m1,fffffffe#", Encoding.ASCII.GetString(reply.Buffer));
        debugger.Input.AdvanceTo(reply.Buffer.End);
        await debugger.Output.CompleteAsync();
        await endpoint.Completion;
    }

    [Fact]
    public void Without_a_kernel_there_are_no_tasks()
    {
        using Simulation simulation = new(new SimulationOptions());
        Assert.Throws<ArgumentException>(() => GdbEndpoint.Attach(simulation, out _, GdbThreads.Tasks));
        Assert.Throws<ArgumentException>(() => GdbEndpoint.Listen(simulation, "127.0.0.1:0", GdbThreads.Tasks));
    }

    [Fact]
    public async Task An_endpoint_in_memory_ends_when_disposed_of()
    {
        GdbEndpoint endpoint = GdbEndpoint.Attach(new FakeTarget(), out IDuplexPipe debugger);
        await debugger.Output.WriteAsync(Encoding.ASCII.GetBytes(SessionDriver.Frame("vCont;c")));
        endpoint.Dispose();
        await endpoint.Completion;
    }

    [Fact]
    public void What_cannot_be_listened_on_is_a_named_error()
    {
        Assert.Throws<ListenException>(() => GdbEndpoint.Listen(new FakeTarget(), "nowhere"));
        Assert.Throws<ListenException>(() => GdbEndpoint.Listen(new FakeTarget(), "stdio"));
    }

    [Fact]
    public async Task A_bug_in_the_machine_is_seen_by_who_awaits_the_end()
    {
        FakeTarget target = new();
        target.Program[0x1001] = new Deed(DeedKind.Bug);
        GdbEndpoint endpoint = GdbEndpoint.Attach(target, out IDuplexPipe debugger);
        await debugger.Output.WriteAsync(Encoding.ASCII.GetBytes(SessionDriver.Frame("vCont;c")));
        await Assert.ThrowsAsync<InvalidOperationException>(() => endpoint.Completion);
        endpoint.Dispose();
    }
}
