using System.Globalization;
using System.Text;

namespace KgdbSim.Stub.Kgdb.Oracle;

/// <summary>Compares recorded debug registers with the stage's: DR6, DR7 and each DRn that DR7 arms.</summary>
internal static class DebugRegisterComparer
{
    /// <returns>What was recorded and what is here, for each CPU that differs.</returns>
    public static IEnumerable<(string Want, string Have)> Compare(IReadOnlyList<DebugRegisterDump> recorded, IOracleStage stage)
    {
        if (stage.CpuCount == 0)
        {
            yield break;
        }

        foreach (DebugRegisterDump dump in recorded)
        {
            if (dump.Cpu < 0 || dump.Cpu >= stage.CpuCount)
            {
                yield return ($"cpu{dump.Cpu}", $"the machine has {stage.CpuCount} CPUs");
                continue;
            }

            DebugRegisterDump ours = stage.DebugRegisters(dump.Cpu);
            string want = Describe(dump, dump.Control);
            string have = Describe(dump.Status is null ? ours with { Status = null } : ours, dump.Control);
            if (want != have)
            {
                yield return (want, have);
            }
        }
    }

    private static string Describe(DebugRegisterDump dump, ulong armedBy)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"cpu{dump.Cpu} dr6={dump.Status:x} dr7={dump.Control:x}");
        for (int n = 0; n < dump.Addresses.Count; n++)
        {
            if (((armedBy >> (2 * n)) & 3) != 0)
            {
                text.Append(CultureInfo.InvariantCulture, $" dr{n}={dump.Addresses[n]:x}");
            }
        }

        return text.ToString();
    }
}
