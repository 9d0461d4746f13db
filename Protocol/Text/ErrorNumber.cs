namespace KgdbSim.Protocol.Text;

/// <summary>
/// Numbers for error replies. The protocol gives them no meaning; like kgdb (Linux 6.1
/// <c>kernel/debug/gdbstub.c:error_packet</c>) and QEMU we use errno values written in decimal. In file replies they do
/// have a meaning (GDB manual, "Errno Values"), the same.
/// </summary>
public enum ErrorNumber
{
    /// <summary>Operation not permitted.</summary>
    NotPermitted = 1,

    /// <summary>No such file, process or thread.</summary>
    NotFound = 2,

    /// <summary>The machine could not do it.</summary>
    InputOutput = 5,

    /// <summary>Too much at once: a packet or a table is full.</summary>
    TooBig = 7,

    /// <summary>Bad file descriptor.</summary>
    BadDescriptor = 9,

    /// <summary>Permission denied.</summary>
    AccessDenied = 13,

    /// <summary>Memory that cannot be accessed.</summary>
    BadAddress = 14,

    /// <summary>All of a limited resource is taken.</summary>
    Busy = 16,

    /// <summary>It is there already.</summary>
    Exists = 17,

    /// <summary>The request makes no sense: malformed, or a value out of range.</summary>
    Invalid = 22,

    /// <summary>No more descriptors.</summary>
    TooManyOpen = 24,

    /// <summary>Read-only file system.</summary>
    ReadOnly = 30,

    /// <summary>A value is out of its range.</summary>
    OutOfRange = 34,

    /// <summary>Not implemented.</summary>
    NotImplemented = 88,
}
