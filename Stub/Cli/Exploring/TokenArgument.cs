using System.Text.RegularExpressions;
using KgdbSim.Target.Scheduling;

namespace KgdbSim.Cli.Exploring;

/// <summary>A replay token as the user gives it: itself, or a file in which it stands.</summary>
internal static partial class TokenArgument
{
    private const long FileSizeMax = 16 << 20;

    /// <summary>Finds and reads the token.</summary>
    /// <exception cref="UsageException">There is none, there are several, or it is damaged or of another version.</exception>
    public static ScheduleToken Read(string text)
    {
        string token = Token().IsMatch(text) ? text : FromFile(text);
        TokenError error = ScheduleToken.TryParse(token, out ScheduleToken? parsed);
        return parsed ?? throw new UsageException($"{Shortened(token)}: {Words(error)} ({error})");
    }

    private static string FromFile(string path)
    {
        string content;
        try
        {
            if (!File.Exists(path))
            {
                throw new UsageException($"{Shortened(path)} is neither a token (kgs1:...) nor a file");
            }

            content = new FileInfo(path).Length <= FileSizeMax ? File.ReadAllText(path) : "";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"cannot read {path}: {failure.Message}");
        }

        string[] tokens = [.. Token().Matches(content).Select(match => match.Value).Distinct()];
        return tokens.Length == 1
            ? tokens[0]
            : throw new UsageException(tokens.Length == 0 ? $"there is no token in {path}" : $"{path} has {tokens.Length} tokens: give one");
    }

    private static string Shortened(string token) => token.Length <= 60 ? token : token[..60] + "...";

    private static string Words(TokenError error) => error switch
    {
        TokenError.UnsupportedVersion => $"the token is of another version than {ScheduleToken.Version}, which this program reads",
        TokenError.ChecksumMismatch => "the token is damaged: a character was lost or changed",
        TokenError.BadCharacter => "the token is damaged: it has a character that no token has",
        TokenError.BadProgramName => "the token is damaged: no program is called so",
        TokenError.Malformed => "the token makes no sense",
        _ => "this is no replay token",
    };

    [GeneratedRegex(@"\bkgs\d+:[^\s""'<]+")]
    private static partial Regex Token();
}
