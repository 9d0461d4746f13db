namespace KgdbSim.Stub.Binding;

/// <summary>What became of writing a register.</summary>
internal enum RegisterWriteResult : byte
{
    /// <summary>It holds the new value.</summary>
    Done,

    /// <summary>There is no register of that number.</summary>
    NoSuchRegister,

    /// <summary>The value has another size than the register.</summary>
    WrongSize,

    /// <summary>The value is one that the register cannot hold, such as reserved bits of CR4; nothing changed.</summary>
    Refused,

    /// <summary>Nobody knows where it is: its thread is on no CPU.</summary>
    NotAvailable,
}
