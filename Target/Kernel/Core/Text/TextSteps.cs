using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Core;

/// <summary>A CPU prefetches as many of an instruction's first bytes as the scheduler likes, or none.</summary>
internal readonly struct TextPrefetch(TextSite site) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context)
    {
    }

    public Nothing Execute(StepContext context)
    {
        int choice = (int)context.World.Draw((ulong)site.Splits.Length + 1);
        if (choice != 0)
        {
            site.SetView((KernelContext)context, site.Splits[choice - 1]);
        }

        context.World.Trace?.Note("prefetch", site.FirstByte, choice == 0 ? 0 : site.Splits[choice - 1]);
        return default;
    }
}

/// <summary>A CPU fetches and decodes an instruction.</summary>
internal readonly struct TextFetch(TextSite site) : IAtomicOperation<int>
{
    static StepNature IAtomicOperation<int>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context)
    {
    }

    public int Execute(StepContext context)
    {
        int version = site.Decode((KernelContext)context);
        context.World.Trace?.Note("execute", site.FirstByte, version == TextSite.Int3 ? "int3" : $"version {version}");
        return version;
    }
}

/// <summary>One store over all bytes but the first.</summary>
internal readonly struct TextTailWrite(TextSite site, int version) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context)
    {
    }

    public Nothing Execute(StepContext context)
    {
        for (int i = 1; i < site.Length; i++)
        {
            site.Byte(i).Store(context, site.VersionByte(version, i));
        }

        return default;
    }
}

/// <summary>A serialising instruction (CPUID, IRET to self): stores are visible, what was prefetched is void.</summary>
internal readonly struct SyncCore : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context) => context.Buffer?.AnnounceDrain(context);

    public Nothing Execute(StepContext context)
    {
        ((KernelContext)context).Home.Serialize();
        context.World.Trace?.Note("serialize", null, "");
        return default;
    }
}
