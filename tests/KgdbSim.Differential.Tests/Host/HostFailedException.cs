namespace KgdbSim.Differential.Tests.Host;

/// <summary>The harness process ended, or never started to work.</summary>
internal sealed class HostFailedException(string message, Exception inner) : Exception(message, inner);
