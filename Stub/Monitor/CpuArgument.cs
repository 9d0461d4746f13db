using System.Globalization;

namespace KgdbSim.Stub.Monitor;

/// <summary>The argument <c>[CPU]</c>: a CPU's number, or none for the selected one.</summary>
internal static class CpuArgument
{
    /// <summary>Reads it; <paramref name="complaint"/> says what is wrong.</summary>
    public static bool TryRead(
        MonitorContext context, ReadOnlySpan<string> arguments, out int cpu, out string? complaint)
    {
        cpu = context.Cpu;
        complaint = null;
        if (arguments.IsEmpty)
        {
            return true;
        }

        int count = context.Control.Target.CpuCount;
        if (arguments.Length > 1)
        {
            complaint = "too many arguments";
        }
        else if (!int.TryParse(arguments[0], NumberStyles.None, CultureInfo.InvariantCulture, out cpu) || cpu >= count)
        {
            complaint = $"'{arguments[0]}' is not a CPU: they are 0 to {count - 1}";
        }

        return complaint is null;
    }
}
