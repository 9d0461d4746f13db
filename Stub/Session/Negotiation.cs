using KgdbSim.Protocol.Replies;

namespace KgdbSim.Stub.Session;

/// <summary>What the stub announces: what the machine can do, of what the debugger understands.</summary>
internal sealed class Negotiation(SessionContext context)
{
    /// <summary>Whether the feature, one of <see cref="StubFeature"/>, is there.</summary>
    public bool Offers(string feature) => feature switch
    {
        StubFeature.Multiprocess => Understands(GdbFeatures.Multiprocess),
        StubFeature.SoftwareBreak => context.Target.Breakpoints is not null && Understands(GdbFeatures.SoftwareBreak),
        StubFeature.HardwareBreak => context.Target.Breakpoints is not null && Understands(GdbFeatures.HardwareBreak),
        StubFeature.NoResumed => Understands(GdbFeatures.NoResumed),
        StubFeature.ErrorMessage => Understands(GdbFeatures.ErrorMessage),
        StubFeature.XferMemoryMap => context.Target.MemoryMap is not null,
        StubFeature.XferExecFile => context.Target.Image is not null,

        StubFeature.ConditionalBreakpoints => context.Target.Breakpoints is not null,

        // Nothing tells when one comes or goes while the machine runs.
        StubFeature.ThreadEvents => context.Threads.AreFixed,

        // Packets that are parsed but that nothing here can answer yet.
        StubFeature.BreakpointCommands => false,
        StubFeature.ReverseContinue or StubFeature.ReverseStep => false,
        _ => true,
    };

    private bool Understands(GdbFeatures feature) => (context.Offered & feature) != 0;
}
