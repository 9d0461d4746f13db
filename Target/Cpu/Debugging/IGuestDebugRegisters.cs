namespace KgdbSim.Target.Cpu.Debugging;

/// <summary>
/// The debug registers as guest code sees them where somebody else has the processor's: MOV to and from DRn go here, and nothing
/// that the other one does shows.
/// </summary>
internal interface IGuestDebugRegisters
{
    /// <summary>DR0 to DR3, DR6 or DR7.</summary>
    ulong Read(int number);

    /// <summary>Sets one of them; reserved bits stay as the processor has them.</summary>
    void Write(int number, ulong value);

    /// <summary>A debug exception has gone through the guest's interrupt table: DR6 is the guest's, and DR7.GD is clear.</summary>
    void Delivered();
}
