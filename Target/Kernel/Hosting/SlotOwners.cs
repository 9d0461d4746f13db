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
            string holders = string.Join(", ", host.Layer.Holders(cpu).Select(static holder => holder.Name));
            int known = groups.FindIndex(group => group.Owners == holders);
            if (known < 0)
            {
                groups.Add((holders, [cpu]));
            }
            else
            {
                groups[known].Cpus.Add(cpu);
            }
        }

        IEnumerable<string> owners = groups.Where(static group => group.Owners.Length != 0)
            .Select(static group => $"CPU {string.Join(',', group.Cpus)}: {group.Owners}");
        return string.Join("; ", host.Layer.WhyNoRoom() is { } reason ? owners.Append(reason) : owners);
    }
}
