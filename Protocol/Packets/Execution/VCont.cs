using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>vCont;action[:thread-id][;action[:thread-id]]...</c>: resumes threads, each as the leftmost action that matches
/// it says; a thread that none matches stays as it is. Enumerates its actions from left to right.
/// </summary>
/// <remarks>
/// Examples: <c>vCont;s:p1.2;c</c> steps one thread while the others run; <c>vCont;r401136,401140:p1.1</c> steps out of
/// a range, the others stand still (<c>scheduler-locking on</c>).
/// </remarks>
public ref struct VCont : IPacket<VCont>
{
    private ReadOnlySpan<byte> _rest;

    private VCont(ReadOnlySpan<byte> actions) => _rest = actions;

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "vCont"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new("vCont;action[:thread-id]...", "resume threads one by one");

    /// <summary>The action the enumeration stands at.</summary>
    public VContAction Current { get; private set; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out VCont packet)
    {
        packet = default;
        if (!reader.TrySkip((byte)';'))
        {
            return false;
        }

        packet = new VCont(reader.Rest);
        do
        {
            if (!VContAction.TryParse(ref reader, out _))
            {
                return false;
            }
        }
        while (reader.SkipIf((byte)';'));
        return reader.TryEnd();
    }

    /// <summary>The leftmost action for a thread.</summary>
    /// <param name="thread">One thread.</param>
    /// <param name="action">What to do with it.</param>
    /// <returns><c>false</c> if no action matches: it keeps standing, or running.</returns>
    public readonly bool TryFind(ThreadId thread, out VContAction action)
    {
        foreach (VContAction candidate in this)
        {
            if (candidate.Thread.Matches(thread))
            {
                action = candidate;
                return true;
            }
        }

        action = default;
        return false;
    }

    /// <summary>Starts an enumeration.</summary>
    public readonly VCont GetEnumerator() => this;

    /// <summary>Goes on to the next action.</summary>
    public bool MoveNext()
    {
        var reader = new PayloadReader(_rest);
        if (reader.IsAtEnd || !VContAction.TryParse(ref reader, out VContAction action))
        {
            return false;
        }

        reader.SkipIf((byte)';');
        _rest = reader.Rest;
        Current = action;
        return true;
    }
}
