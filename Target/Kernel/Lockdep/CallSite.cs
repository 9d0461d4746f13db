namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>
/// Where the kernel calls lockdep from. Sites are made once and passed again and again: lockdep keeps references to them in
/// place of the stack traces that the kernel saves.
/// </summary>
internal sealed class CallSite
{
    /// <summary>A site of which only the location is known: it is its own stack.</summary>
    public CallSite(CodeLocation location)
        : this(location, [location], [location])
    {
    }

    /// <summary>A site with its callers.</summary>
    /// <param name="location">What stands after "at:", the return address of the locking function.</param>
    /// <param name="stack">What save_trace() records there, innermost first.</param>
    public CallSite(CodeLocation location, CodeLocation[] stack)
        : this(location, stack, stack)
    {
    }

    /// <summary>A site whose backtrace on the console differs from what save_trace() records.</summary>
    /// <param name="location">What stands after "at:", the return address of the locking function.</param>
    /// <param name="stack">What save_trace() records there, innermost first.</param>
    /// <param name="backtrace">What dump_stack() prints there: from the reporting function on, with unreliable frames.</param>
    public CallSite(CodeLocation location, CodeLocation[] stack, CodeLocation[] backtrace)
    {
        Location = location;
        Stack = stack;
        Backtrace = backtrace;
    }

    /// <summary>A site known by symbol only.</summary>
    public static CallSite In(string symbol, uint offset, uint size, ulong address) =>
        new(new CodeLocation(symbol, offset, size, address));

    /// <summary>What stands after "at:".</summary>
    public CodeLocation Location { get; }

    /// <summary>What is recorded when a usage bit or a dependency is new, innermost first.</summary>
    public CodeLocation[] Stack { get; }

    /// <summary>What stands under "stack backtrace:", innermost first.</summary>
    public CodeLocation[] Backtrace { get; }
}
