namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>The result of a step that has none.</summary>
public readonly record struct Nothing;
