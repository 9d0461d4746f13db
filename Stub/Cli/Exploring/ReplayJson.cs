using System.Text.Encodings.Web;
using System.Text.Json;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Cli.Exploring;

/// <summary>A replayed run for programs: what went wrong, and every step.</summary>
internal static class ReplayJson
{
    private static readonly JsonSerializerOptions Options =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The object, in UTF-8.</summary>
    public static byte[] Write(Incident incident) =>
    [
        .. JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                id = incident.Case.Scenario.Id,
                variant = incident.Case.Variant.Name,
                verdict = incident.Violation is null ? "bounded" : incident.IsError ? "error" : "violated",
                property = incident.Violation?.Property,
                message = incident.Violation?.Message,
                fatalStep = incident.Violation is null ? null : (long?)incident.FatalStep,
                token = incident.Token.ToString(),
                contents = incident.Contents.Select(location => new { name = location.Key, value = location.Value }),
                steps = incident.Steps.Select(Members),
            },
            Options),
        (byte)'\n',
    ];

    private static object Members(StepRecord step) => new
    {
        step = step.Step,
        cpu = step.Cpu,
        actor = step.Actor,
        context = step.Context,
        operation = step.Operation,
        location = step.Location,
        value = step.Value,
        line = step.Line,
    };
}
