using System.Text;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Vectors;

/// <summary>
/// Runs records of debug exceptions and compares every stop. RF in the pushed flags is not compared, for the recording
/// debugger set it, nor are flags that one of the record's instructions leaves undefined.
/// </summary>
internal sealed class DebugVectorRunner(InstructionTable instructions) : IDisposable
{
    private readonly DebugVectorMachine _machine = new(instructions);

    /// <summary>Runs one record; null if all its stops are as recorded, else what differs.</summary>
    public string? Run(DebugVectorRecord record)
    {
        _machine.Load(record);
        ulong codeEnd = record.Rip + (ulong)record.Code.Length;
        ulong compared = ~(Flags.Rf | UndefinedFlags.Of(record.Code, record.Rip));
        var report = new StringBuilder();
        for (int i = 0; ; i++)
        {
            bool last = i == record.Stops.Length;
            if (last && record.End.Kind == DebugStopKind.Limit)
            {
                return null;
            }

            DebugStop expected = last ? record.End : record.Stops[i];
            DebugStop? got = _machine.NextStop(codeEnd);
            if (got == null || !Same(expected, got.Value, compared))
            {
                Describe(record, report);
                report.AppendLine($"  stop {i}: expected {expected}");
                report.AppendLine($"  {"",-7} got      {(got == null ? "none" : got.Value)}");
                return report.ToString();
            }

            if (last)
            {
                return null;
            }

            _machine.Resume(got.Value);
        }
    }

    public void Dispose() => _machine.Dispose();

    private static bool Same(in DebugStop expected, in DebugStop got, ulong flags)
    {
        bool debug = expected.Kind is DebugStopKind.Hardware or DebugStopKind.Step or DebugStopKind.Icebp;
        return expected.Kind == got.Kind
            && (!debug || expected.Dr6 == got.Dr6)
            && expected.Rip == got.Rip
            && ((expected.Flags ^ got.Flags) & flags) == 0
            && expected.Rcx == got.Rcx
            && expected.Rsi == got.Rsi
            && expected.Rdi == got.Rdi
            && expected.Rsp == got.Rsp
            && expected.Signal == got.Signal;
    }

    private static void Describe(DebugVectorRecord record, StringBuilder report)
    {
        string tags = record.Tags.Length == 0 ? "" : $" [{string.Join(' ', record.Tags)}]";
        report.AppendLine($"record {record.Id} {record.Name}{tags}: {string.Join("; ", record.Listing)}");
        report.AppendLine(
            $"  code {Convert.ToHexStringLower(record.Code)} at {record.Rip:x}, fl {record.Flags:x}, dr7 {record.Dr7:x}, "
            + $"dr {string.Join(' ', record.Dr.Select(d => d.ToString("x")))}");
    }
}
