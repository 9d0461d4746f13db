using System.CommandLine.Parsing;
using System.Globalization;

namespace KgdbSim.Cli;

/// <summary>Readers of option values whose complaints are one line that says what would have been right.</summary>
internal static class OptionParsers
{
    /// <summary>A whole number from <paramref name="first"/> to <paramref name="last"/>.</summary>
    public static Func<ArgumentResult, int> Number(int first, int last) => result =>
    {
        string text = Text(result);
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            || value < first || value > last)
        {
            result.AddError($"{Name(result)} {text}: it is a number from {first} to {last}");
        }

        return value;
    };

    /// <summary>An unsigned number of 64 bits, decimal or with <c>0x</c> in front.</summary>
    public static ulong Number64(ArgumentResult result)
    {
        string text = Text(result);
        bool hexadecimal = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        NumberStyles style = hexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        ReadOnlySpan<char> digits = hexadecimal ? text.AsSpan(2) : text;
        if (!ulong.TryParse(digits, style, CultureInfo.InvariantCulture, out ulong value))
        {
            result.AddError($"{Name(result)} {text}: it is a number of up to 64 bits, decimal or 0x...");
        }

        return value;
    }

    /// <summary>One of some words.</summary>
    public static Func<ArgumentResult, string> OneOf(params string[] words) => result =>
    {
        string text = Text(result);
        if (!words.Contains(text))
        {
            result.AddError($"{Name(result)} {text} is not available; choose from: {string.Join(", ", words)}");
        }

        return text;
    };

    /// <summary>The option's name as the user wrote it.</summary>
    public static string Name(ArgumentResult result) =>
        (result.Parent as OptionResult)?.Option.Name ?? result.Argument.Name;

    /// <summary>The value as the user wrote it.</summary>
    public static string Text(ArgumentResult result) => result.Tokens.Single().Value;
}
