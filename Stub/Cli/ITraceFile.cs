using KgdbSim.Stub.Session;

namespace KgdbSim.Cli;

/// <summary>Where <c>--trace</c> writes to; complete when disposed of.</summary>
internal interface ITraceFile : IWireTrace, IDisposable;
