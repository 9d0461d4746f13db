namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// Small numbers for location keys. They are handed out on first sight and kept for the life of a world, so that they index
/// arrays; only keys leave the process (in checkpoints).
/// </summary>
internal sealed class LocationIds
{
    private readonly Dictionary<ulong, int> _ids = [];
    private readonly List<ulong> _keys = [0];

    /// <summary>One more than the largest number handed out; 0 is nobody's.</summary>
    public int Count => _keys.Count;

    public int Intern(ulong key)
    {
        if (!_ids.TryGetValue(key, out int id))
        {
            id = _keys.Count;
            _ids.Add(key, id);
            _keys.Add(key);
        }

        return id;
    }

    public ulong KeyOf(int id) => _keys[id];
}
