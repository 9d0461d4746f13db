using KgdbSim.Oracle.Tests.Fakes;
using KgdbSim.Stub.Kgdb.Faithful;

namespace KgdbSim.Oracle.Tests.Faithful;

/// <summary>What lets the kernel go on, and how (facts: "Packets" from <c>c</c> on; kernel/debug/gdbstub.c@6.1).</summary>
public sealed class ResumeTests
{
    private const string SignalMessage =
        "O4b474442206f6e6c79206b6e6f7773207369676e616c20392028706173732920616e6420313520287061737320616e6420646973636f6e6e656374290a"
        + "457865637574696e67206120636f6e74696e756520776974686f7574207369676e616c2070617373696e670a";

    [Fact]
    public void Continue_leaves_without_a_reply()
    {
        var bench = new StubBench();
        Assert.Equal("+", bench.Raw("$c#63"));
        Assert.Equal(StubDemand.Resume, bench.Stub.Demand);
        Assert.False(bench.Stub.Listens);
    }

    [Fact]
    public void Step_sets_the_trap_flag_and_the_stepping_cpu()
    {
        var bench = new StubBench();
        bench.Ask("sffffffff8125f080");
        Assert.Equal(0xffff_ffff_8125_f080, bench.Kernel.ReadRegister(1, RegisterNumber.InstructionPointer));
        Assert.Equal(0x302ul, bench.Kernel.ReadRegister(1, RegisterNumber.Flags));
        Assert.Equal(1, bench.Kernel.SteppingCpu);
    }

    [Theory]
    [InlineData("C05", 5)]
    [InlineData("C0", 0)]
    [InlineData("C14", 0x14)]
    [InlineData("C05;0", 5)]
    public void A_signal_becomes_the_instruction_pointer(string packet, ulong address)
    {
        var bench = new StubBench();
        Assert.Equal(SignalMessage, bench.Ask(packet));
        Assert.Equal(address, bench.Kernel.ReadRegister(1, RegisterNumber.InstructionPointer));
        Assert.Equal(StubDemand.Resume, bench.Stub.Demand);
    }

    [Theory]
    [InlineData("C")]
    [InlineData("Czz")]
    public void No_signal_leaves_it_alone(string packet)
    {
        var bench = new StubBench();
        ulong before = bench.Kernel.ReadRegister(1, RegisterNumber.InstructionPointer);
        Assert.Equal(SignalMessage, bench.Ask(packet));
        Assert.Equal(before, bench.Kernel.ReadRegister(1, RegisterNumber.InstructionPointer));
    }

    [Fact]
    public void Signal_9_passes_the_exception_and_is_an_address_too()
    {
        var bench = new StubBench();
        Assert.Equal("", bench.Ask("C09"));
        Assert.Equal(StubDemand.ResumeAndPass, bench.Stub.Demand);
        Assert.Equal(9ul, bench.Kernel.ReadRegister(1, RegisterNumber.InstructionPointer));
    }

    [Fact]
    public void Text_15_detaches_and_passes()
    {
        var bench = new StubBench();
        bench.Ask("Z0,ffffffff8125f080,1");
        Assert.Equal("", bench.Ask("C15"));
        Assert.Equal(StubDemand.ResumeAndPass, bench.Stub.Demand);
        Assert.False(bench.Stub.Connected);
        Assert.Equal(KgdbErrno.NoEntry, bench.Kernel.RemoveSoftwareBreakpoint(0xffff_ffff_8125_f080));
    }

    [Fact]
    public void Another_thread_cannot_be_continued()
    {
        var bench = new StubBench();
        bench.Ask("Hcfffffffe");
        Assert.Equal("E22", bench.Ask("c"));
        Assert.Equal("E22", bench.Ask("s"));
        Assert.Equal(SignalMessage + " E22", bench.Ask("C05"));
        Assert.Equal("OK", bench.Ask("Hc0"));
        Assert.Equal("", bench.Ask("c"));
        Assert.Equal(StubDemand.Resume, bench.Stub.Demand);
    }

    [Theory]
    [InlineData("D")]
    [InlineData("D;zz")]
    public void Detach_waits_for_the_acknowledgement(string packet)
    {
        var bench = new StubBench();
        Assert.Equal("+$OK#9a", bench.Raw(StubBench.Frame(packet)));
        Assert.True(bench.Stub.Listens);
        bench.Raw("+");
        Assert.False(bench.Stub.Listens);
        Assert.False(bench.Stub.Connected);
    }

    [Fact]
    public void Kill_only_acknowledges()
    {
        var bench = new StubBench();
        Assert.Equal("+", bench.Raw(StubBench.Frame("k")));
        Assert.Equal(StubDemand.Resume, bench.Stub.Demand);
        Assert.False(bench.Stub.Connected);
    }

    [Fact]
    public void Restart_is_said_and_done()
    {
        var bench = new StubBench();
        Assert.Equal("OK", bench.Ask("R0"));
        Assert.Equal(StubDemand.Restart, bench.Stub.Demand);
    }

    [Fact]
    public void A_reboot_says_so_once_and_only_to_somebody()
    {
        var bench = new StubBench();
        bench.Ask("c");
        bench.Stub.Exit(1);
        Assert.Equal("$W01#b8", bench.Raw(""));
        bench.Stub.Exit(1);
        Assert.Equal("", bench.Raw(""));
    }

    [Fact]
    public void Console_output_of_a_running_kernel_waits_for_its_acknowledgement()
    {
        var bench = new StubBench();
        bench.Ask("c");
        bench.Stub.WriteConsole("hello"u8);
        Assert.Equal(StubBench.Frame("O68656c6c6f"), bench.Raw(""));
        Assert.True(bench.Stub.Listens);
        bench.Raw("+");
        Assert.False(bench.Stub.Listens);
    }
}
