using KgdbSim.Stub.Tests.Fakes;

namespace KgdbSim.Stub.Tests.Binding;

/// <summary>A machine seen through its kernel's kgdb.</summary>
public sealed class KgdbTargetTests
{
    [Theory]
    [InlineData("vCont;s:p1.2")]
    [InlineData("vCont;s:p1.2;c")]
    [InlineData("vCont;r0,ffff:p1.2")]
    public void A_step_ends_even_if_it_is_the_first_thing_ever_done(string packet)
    {
        using KernelSession gdb = new();
        Assert.False(gdb.Target.Host.IsStopped, "nothing has brought the machine into kgdb");
        Assert.StartsWith("T05thread:p1.2;core:1;", gdb.Driver.Ask(packet, 100));
        Assert.Equal(KernelSession.Behind, gdb.RipOf(1));
        gdb.Driver.Ask("!");
        gdb.Driver.Ask("vRun;");
        Assert.StartsWith("T05thread:p1.2;core:1;", gdb.Driver.Ask(packet, 100));
        Assert.Equal(KernelSession.Behind, gdb.RipOf(1));
    }
}
