using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>What a <c>vCont</c> action does to a thread.</summary>
public enum VContKind
{
    /// <summary><c>c</c>, <c>C</c>: continue.</summary>
    Continue,

    /// <summary><c>s</c>, <c>S</c>: step one instruction.</summary>
    Step,

    /// <summary><c>r start,end</c>: step until the program counter leaves the range.</summary>
    RangeStep,

    /// <summary><c>t</c>: stop; meaningful in non-stop mode only.</summary>
    Stop,
}

/// <summary>One action of a <c>vCont</c> packet.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Signal">The signal to deliver, or <see cref="GdbSignal.None"/>.</param>
/// <param name="RangeStart">For <see cref="VContKind.RangeStep"/>: the first address of the range.</param>
/// <param name="RangeEnd">For <see cref="VContKind.RangeStep"/>: the first address behind it. If it equals the start,
/// step once.</param>
/// <param name="Thread">The threads it applies to; a missing id means all.</param>
public readonly record struct VContAction(
    VContKind Kind, GdbSignal Signal, ulong RangeStart, ulong RangeEnd, ThreadId Thread)
{
    private static readonly ThreadId Everyone = new(ThreadId.All, ThreadId.All);

    internal static bool TryParse(scoped ref PayloadReader reader, out VContAction action)
    {
        action = default;
        if (!reader.TryByte(out byte letter) || !TryArguments(ref reader, letter, out action))
        {
            return false;
        }

        ThreadId thread = Everyone;
        if (reader.SkipIf((byte)':') && !reader.TryThreadId(out thread))
        {
            return false;
        }

        action = action with { Thread = thread };
        return true;
    }

    private static bool TryArguments(scoped ref PayloadReader reader, byte letter, out VContAction action)
    {
        var signal = GdbSignal.None;
        ulong start = 0;
        ulong end = 0;
        VContKind kind = VContKind.Continue;
        bool valid = true;
        switch (letter)
        {
            case (byte)'c':
                break;
            case (byte)'C':
                valid = reader.TrySignal(out signal);
                break;
            case (byte)'s':
                kind = VContKind.Step;
                break;
            case (byte)'S':
                kind = VContKind.Step;
                valid = reader.TrySignal(out signal);
                break;
            case (byte)'t':
                kind = VContKind.Stop;
                break;
            case (byte)'r':
                kind = VContKind.RangeStep;
                valid = reader.TryNumber(out start) && reader.TrySkip((byte)',') && reader.TryNumber(out end);
                break;
            default:
                valid = reader.Fail(PacketError.Syntax);
                break;
        }

        action = new VContAction(kind, signal, start, end, default);
        return valid;
    }
}
