namespace KgdbSim.Target.Primitives;

/// <summary>
/// A broken promise inside the simulator: never a guest's doing and never bad input. The message says what was expected;
/// whoever owns a seed and a step count adds them.
/// </summary>
public sealed class SimulatorBug : Exception
{
    /// <summary>States the broken promise.</summary>
    public SimulatorBug(string message) : base(message)
    {
    }

    /// <summary>States the broken promise and what revealed it.</summary>
    public SimulatorBug(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>For serializers only.</summary>
    public SimulatorBug()
    {
    }
}
