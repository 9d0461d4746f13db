namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>Whose lockdep is modelled: the rules that differ, and the wording of its reports.</summary>
internal enum LockdepFormat
{
    /// <summary>kernel/lockdep.c@2.6.30: "[ INFO: ... ]", six usage characters, no lock addresses, no scenario tables.</summary>
    Linux2630,

    /// <summary>kernel/locking/lockdep.c@6.1: "WARNING: ...", four usage characters and wait types, scenario tables, checks in NMI.</summary>
    Linux61,
}
