namespace KgdbSim.Target.Kernel.Traps;

/// <summary>What people call kinds of traps and verdicts.</summary>
internal static class TrapNames
{
    extension(TrapKind kind)
    {
        /// <summary>In one word.</summary>
        public string Name => kind switch
        {
            TrapKind.Int3 => "int3",
            TrapKind.Debug => "debug",
            TrapKind.Nmi => "nmi",
            _ => "oops",
        };
    }

    extension(TrapVerdict verdict)
    {
        /// <summary>In one word.</summary>
        public string Name => verdict switch
        {
            TrapVerdict.Pending => "pending",
            TrapVerdict.Consumed => "consumed",
            TrapVerdict.Ignored => "ignored",
            TrapVerdict.Signal => "signal",
            TrapVerdict.Oops => "oops",
            _ => "latched",
        };
    }
}
