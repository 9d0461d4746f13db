namespace KgdbSim.Target.Kernel.Traps;

/// <summary>The kernels whose trap paths are modelled, oldest first; the versions in between behave like the one before them.</summary>
internal enum KernelVersion : byte
{
    /// <summary>2.6.14, October 2005: kprobes single-step with TF, DR6 is never cleared.</summary>
    Linux2614,

    /// <summary>2.6.21, April 2007: the same trap path; unregistering a die notifier waits for its callers.</summary>
    Linux2621,

    /// <summary>2.6.30 with the hw_breakpoint interface of June 2009: DR6 zeroed, virtual DR6 per thread.</summary>
    Linux2630,

    /// <summary>2.6.33, early 2010: hw_breakpoint on perf, kgdb on hw_breakpoint as posted in January 2010.</summary>
    Linux2633,

    /// <summary>2.6.35, mid 2010: handlers share a copy of DR6, kgdb's overflow handler runs the session.</summary>
    Linux2635,

    /// <summary>6.1: text poke and kprobes before the chain, DR7 saved and zeroed by the entry code, software NMI latch.</summary>
    Linux61,
}

/// <summary>What distinguishes them.</summary>
internal static class KernelVersions
{
    private static readonly (string Name, KernelVersion Version)[] Table =
    [
        ("2.6.14", KernelVersion.Linux2614),
        ("2.6.21", KernelVersion.Linux2621),
        ("2.6.30", KernelVersion.Linux2630),
        ("2.6.33", KernelVersion.Linux2633),
        ("2.6.35", KernelVersion.Linux2635),
        ("6.1", KernelVersion.Linux61),
    ];

    /// <summary>Their names as users write them, oldest first.</summary>
    public static IEnumerable<string> Names => Table.Select(static row => row.Name);

    /// <summary>The version called <paramref name="name"/>, or null.</summary>
    public static KernelVersion? Find(string name)
    {
        foreach ((string candidate, KernelVersion version) in Table)
        {
            if (candidate == name)
            {
                return version;
            }
        }

        return null;
    }

    extension(KernelVersion version)
    {
        /// <summary>As users write it.</summary>
        public string Name => Table[(int)version].Name;

        /// <summary>exc_int3, exc_debug and exc_nmi of 6.1 rather than do_int3, do_debug and do_nmi.</summary>
        public bool HasEntryCode => version >= KernelVersion.Linux61;

        /// <summary>Handlers get a pointer to one copy of DR6 and clear what they consume; before, each got the value.</summary>
        public bool SharesDr6 => version >= KernelVersion.Linux2633;

        /// <summary>do_debug resets DR6; before, its bits pile up until somebody writes them.</summary>
        public bool ClearsDr6 => version >= KernelVersion.Linux2630;
    }
}
