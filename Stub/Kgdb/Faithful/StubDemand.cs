namespace KgdbSim.Stub.Kgdb.Faithful;

/// <summary>What the stub wants of the kernel around it.</summary>
internal enum StubDemand
{
    /// <summary>Bytes.</summary>
    None,

    /// <summary>gdb_serial_stub returned 0: the exception is dealt with, the kernel goes on.</summary>
    Resume,

    /// <summary>gdb_serial_stub returned 1: the kernel goes on and handles the exception itself.</summary>
    ResumeAndPass,

    /// <summary>machine_emergency_restart.</summary>
    Restart,

    /// <summary>The kernel panicked below a packet handler.</summary>
    Dead,
}
