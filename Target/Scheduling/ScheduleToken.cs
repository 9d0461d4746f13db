using System.Buffers.Text;
using System.Text;
using KgdbSim.Target.Primitives;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Scheduling;

/// <summary>
/// A run as a short text that another process on another machine repeats:
/// <c>kgs1:PROGRAM:SCHEDULE:CHECK</c>. The schedule is base64url of <see cref="ScheduleCodec"/>'s bytes, the check six
/// base64url characters over program and schedule.
/// </summary>
/// <param name="Program">Whose run: <see cref="IProgram.Name"/>.</param>
/// <param name="Memory">The memory model it ran under.</param>
/// <param name="Schedule">The choices.</param>
public sealed record ScheduleToken(string Program, MemoryModel Memory, Schedule Schedule)
{
    /// <summary>The format this version writes and reads.</summary>
    public const int Version = 1;

    private const string Prefix = "kgs";
    private const int ProgramNameLengthMax = 200;

    /// <summary>Whether a program may be called so.</summary>
    public static bool IsProgramName(ReadOnlySpan<char> name)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"-_./+".Contains(c, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return name.Length is > 0 and <= ProgramNameLengthMax;
    }

    /// <summary>The token's text.</summary>
    /// <exception cref="ArgumentException">The program's name has a character it cannot have.</exception>
    public override string ToString()
    {
        if (!IsProgramName(Program))
        {
            throw new ArgumentException($"'{Program}' cannot be a program's name: letters, digits and - _ . / + only.");
        }

        byte[] payload = ScheduleCodec.Encode(Schedule, Memory);
        return $"{Prefix}{Version}:{Program}:{Base64Url.EncodeToString(payload)}:{Check(Program, payload)}";
    }

    /// <summary>Reads a token.</summary>
    public static TokenError TryParse(string text, out ScheduleToken? token)
    {
        ArgumentNullException.ThrowIfNull(text);
        token = null;
        string[] parts = text.Trim().Split(':');
        if (!parts[0].StartsWith(Prefix, StringComparison.Ordinal)
            || !int.TryParse(parts[0].AsSpan(Prefix.Length), out int version))
        {
            return TokenError.NotAToken;
        }

        if (version != Version)
        {
            return TokenError.UnsupportedVersion;
        }

        if (parts.Length != 4)
        {
            return TokenError.NotAToken;
        }

        if (!IsProgramName(parts[1]))
        {
            return TokenError.BadProgramName;
        }

        if (!Base64Url.IsValid(parts[2]) || !Base64Url.IsValid(parts[3]))
        {
            return TokenError.BadCharacter;
        }

        byte[] payload = Base64Url.DecodeFromChars(parts[2]);
        if (Check(parts[1], payload) != parts[3])
        {
            return TokenError.ChecksumMismatch;
        }

        if (ScheduleCodec.TryDecode(payload, out Schedule? schedule, out MemoryModel memory))
        {
            token = new ScheduleToken(parts[1], memory, schedule!);
            return TokenError.None;
        }

        return TokenError.Malformed;
    }

    private static string Check(string program, ReadOnlySpan<byte> payload)
    {
        StableHash hash = new(Version);
        hash.Add(Encoding.UTF8.GetBytes(program));
        hash.Add(payload);
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)(hash.Value ^ (hash.Value >> 32)));
        return Base64Url.EncodeToString(bytes);
    }
}
