namespace KgdbSim.Stub.Binding.Capabilities;

/// <summary>What the CPUs are called, where that says more than their numbers and activities.</summary>
internal interface ICpuLabels
{
    /// <summary>The thread's name. It never changes.</summary>
    string NameOf(int cpu);

    /// <summary>What the CPU is doing, on one line; debuggers show it beside the name. Empty if there is nothing to say.</summary>
    string DetailOf(int cpu);
}
