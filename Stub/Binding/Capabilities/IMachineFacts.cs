namespace KgdbSim.Stub.Binding.Capabilities;

/// <summary>Numbers about a run that make it repeatable.</summary>
internal interface IMachineFacts
{
    /// <summary>The seed of every choice that the scheduler makes.</summary>
    ulong Seed { get; }

    /// <summary>Virtual time: retired instructions of all CPUs since reset.</summary>
    ulong StepCount { get; }

    /// <summary>Retired instructions of one CPU since reset.</summary>
    ulong StepCountOf(int cpu);
}
