namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>What owners of breakpoints may be called.</summary>
internal static class UserName
{
    private const int LengthMax = 40;

    /// <summary>What is wrong with a name, or null.</summary>
    public static string? Complaint(string name) =>
        name.Length is 0 or > LengthMax || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')
            ? $"a name has up to {LengthMax} letters, digits, '_', '-' and '.'" : null;

    /// <summary>A prefix with the first number, from 1, that makes a name of nobody's.</summary>
    public static string Free(string prefix, Func<string, bool> isTaken)
    {
        int number = 1;
        while (isTaken($"{prefix}{number}"))
        {
            number++;
        }

        return $"{prefix}{number}";
    }
}
