namespace KgdbSim.Stub.Binding.Capabilities;

/// <summary>A machine that can begin anew.</summary>
internal interface IRestart
{
    /// <summary>Loads the image again and puts every CPU where it stood after reset. Breakpoints stay.</summary>
    void Restart();
}
