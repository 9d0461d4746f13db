namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>One thing that went wrong in one run.</summary>
/// <param name="Kind">What sort of thing.</param>
/// <param name="Property">Its name: of the property, of the report, or the exception's type. Shrinking keeps it.</param>
/// <param name="Message">In one sentence, what an observer would see.</param>
public sealed record Violation(ViolationKind Kind, string Property, string Message)
{
    internal static Violation OfException(string task, Exception exception) =>
        new(ViolationKind.TaskThrew, exception.GetType().Name, $"{task} threw {exception.GetType().Name}: {exception.Message}");
}
