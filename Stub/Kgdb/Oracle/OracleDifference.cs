namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>A place where the replay and the recording differ.</summary>
/// <param name="Line">The transcript's line, counted from 1.</param>
/// <param name="Context">The packet or note that it answers.</param>
/// <param name="Expected">What was recorded.</param>
/// <param name="Actual">What came.</param>
/// <param name="Reason">Why it is right to differ; null if it is not.</param>
internal sealed record OracleDifference(int Line, string Context, string Expected, string Actual, string? Reason);
