namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// A piece of state that several tasks touch, as the partial-order reduction knows it: an identity, and a count of how often
/// it was written in this run.
/// </summary>
public abstract class SharedLocation
{
    private protected SharedLocation(World world) => World = world;

    /// <summary>What reports call it.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The run it belongs to.</summary>
    internal World World { get; }

    /// <summary>The same location in every run of the same program, however the run is interleaved.</summary>
    internal ulong Key { get; private set; }

    /// <summary>A small number for <see cref="Key"/>, valid in this world.</summary>
    internal int Id { get; private set; }

    /// <summary>How often it was written since the run began.</summary>
    internal int Version { get; private protected set; }

    /// <summary>What it holds, in words; null if there is nothing to show.</summary>
    internal virtual string? Content => null;

    /// <summary>Makes the object stand for a new location at the beginning of a run, or when a task creates one.</summary>
    private protected void Rebind(string name, ulong key)
    {
        Name = name;
        if (key != Key || Id == 0)
        {
            Key = key;
            Id = World.Locations.Intern(key);
        }

        Version = 0;
    }

    /// <summary>Counts a write and tells whoever records the run.</summary>
    private protected void CountWrite()
    {
        Version++;
        World.NoteWrite(Id);
    }

    /// <summary>Shows the content as it was after <paramref name="version"/> writes, until <see cref="Restore"/>.</summary>
    internal abstract void Rewind(int version);

    /// <summary>Undoes <see cref="Rewind"/>.</summary>
    internal abstract void Restore();
}
