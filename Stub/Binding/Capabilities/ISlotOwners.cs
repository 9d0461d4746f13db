namespace KgdbSim.Stub.Binding.Capabilities;

/// <summary>Debug registers that a debugger shares with others.</summary>
internal interface ISlotOwners
{
    /// <summary>Who has them, in words, for the error of who gets none; empty if nobody has any.</summary>
    string Describe();
}
