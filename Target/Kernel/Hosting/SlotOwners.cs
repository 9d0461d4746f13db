namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>Says who has the debug registers.</summary>
internal static class SlotOwners
{
    /// <summary>One CPU after the other, those with the same owners together.</summary>
    public static string Describe(KgdbHost host)
    {
        List<(string Owners, List<int> Cpus)> groups = [];
        for (int cpu = 0; cpu < host.Host.Cpus.Count; cpu++)
        {
            string owners = string.Join(", ", host.Perf.Slots.Holders(cpu).Select(bp => WithoutCpu(bp.Name, cpu)));
            int known = groups.FindIndex(group => group.Owners == owners);
            if (known < 0)
            {
                groups.Add((owners, [cpu]));
            }
            else
            {
                groups[known].Cpus.Add(cpu);
            }
        }

        return string.Join("; ", groups.Where(static group => group.Owners.Length != 0)
            .Select(static group => $"CPU {string.Join(',', group.Cpus)}: {group.Owners}"));
    }

    /// <summary>Events that exist once on each CPU are called after it.</summary>
    private static string WithoutCpu(string name, int cpu)
    {
        string suffix = $".C{cpu}";
        return name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name;
    }
}
