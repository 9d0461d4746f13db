namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// What a location held before each of its writes, for the conditions of waits that are asked about earlier moments of a run.
/// </summary>
internal struct EarlierValues<T>
{
    private const int CapacityAtFirst = 8;

    private T[]? _values;
    private T _present;
    private int _presentVersion;

    /// <summary>Keeps the value that the write after <paramref name="version"/> replaces.</summary>
    public void Note(int version, T value)
    {
        if (_values is null || version >= _values.Length)
        {
            Array.Resize(ref _values, Math.Max(CapacityAtFirst, 2 * (_values?.Length ?? 0)));
        }

        _values[version] = value;
    }

    /// <summary>Puts the value of an earlier version in place, until <see cref="Restore"/>.</summary>
    /// <param name="version">Which; the present one or a later one changes nothing.</param>
    /// <param name="presentVersion">How many writes there have been.</param>
    /// <param name="value">The location's value.</param>
    /// <returns>The version that is in place now.</returns>
    public int Rewind(int version, int presentVersion, ref T value)
    {
        _present = value;
        _presentVersion = presentVersion;
        if (version >= presentVersion)
        {
            return presentVersion;
        }

        value = _values![version];
        return version;
    }

    /// <summary>Undoes <see cref="Rewind"/>.</summary>
    /// <returns>The version that is in place now.</returns>
    public readonly int Restore(out T value)
    {
        value = _present;
        return _presentVersion;
    }
}
