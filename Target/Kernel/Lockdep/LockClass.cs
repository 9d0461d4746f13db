namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>All locks of one key: what was ever done with any of them, on any CPU by any task (struct lock_class).</summary>
internal sealed class LockClass
{
    private readonly CallSite?[] _firstUses = new CallSite?[(int)LockUsage.InNmi];

    internal LockClass(LockKey key) => Key = key;

    public LockKey Key { get; }

    /// <summary>As printed: the key's name, "#2" if it is the second class of that name, "/1" if it is a subclass.</summary>
    public string DisplayName =>
        Key.Name + (NameVersion > 1 ? $"#{NameVersion}" : "") + (Key.Subclass != 0 ? $"/{Key.Subclass}" : "");

    /// <summary>What was done.</summary>
    public UsageBits Usage { get; private set; }

    /// <summary>How often it was taken.</summary>
    public long AcquireCount { get; internal set; }

    /// <summary>Which class of its name it is, from 1; 0 before the first acquisition.</summary>
    public int NameVersion { get; private set; }

    /// <summary>Whether a lock of it was taken since the last reset.</summary>
    public bool IsRegistered => NameVersion != 0;

    /// <summary>Dependencies on the classes taken while one of this class was held.</summary>
    internal List<Dependency> After { get; } = [];

    /// <summary>Dependencies on the classes that were held when one of this class was taken.</summary>
    internal List<Dependency> Before { get; } = [];

    /// <summary>The search that came here last, by the strength it came with.</summary>
    internal long[] SeenBy { get; } = new long[2];

    /// <summary>Who did it first.</summary>
    /// <exception cref="InvalidOperationException">Nobody did.</exception>
    public CallSite FirstUse(LockUsage usage) =>
        _firstUses[(int)usage] ?? throw new InvalidOperationException($"{DisplayName} has no usage {UsageBits.Name(usage)}.");

    internal void Register(int nameVersion) => NameVersion = nameVersion;

    internal void Mark(LockUsage usage, CallSite site)
    {
        Usage |= UsageBits.Of(usage);
        _firstUses[(int)usage] = site;
    }

    internal void Reset()
    {
        Usage = default;
        AcquireCount = 0;
        NameVersion = 0;
        After.Clear();
        Before.Clear();
        Array.Clear(_firstUses);
    }
}
