namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>What a CPU that has entered kgdb is there.</summary>
internal enum KgdbRole
{
    None,

    /// <summary>It trapped and waits for the master lock.</summary>
    Waiting,

    Master,

    /// <summary>It came by the roundup's NMI.</summary>
    Slave,
}

/// <summary>An exception that the modelled kernel is handling on a CPU: the frame the CPU pushed, and what its handler keeps.</summary>
internal sealed class TrapEntry(byte vector, ulong frame)
{
    public byte Vector { get; set; } = vector;

    /// <summary>Linear address of the pushed rip; cs, rflags, rsp and ss follow.</summary>
    public ulong Frame { get; } = frame;

    /// <summary>What local_db_save returned: written back to DR7 on the way out unless it is 0.</summary>
    public ulong SavedControl { get; set; }

    public KgdbRole Role { get; set; }

    /// <summary>signo that kgdb is called with.</summary>
    public int Signal { get; set; }

    /// <summary>What kgdb sees as the vector: 3 for int3, 0 for #DB.</summary>
    public int KgdbVector { get; set; }

    /// <summary>The kernel is dying of it: die() has called the notifiers.</summary>
    public bool IsOops { get; set; }

    /// <summary>It began as an int3, which counts as an NMI: an oops there is a panic.</summary>
    public bool InInterrupt { get; set; }
}
