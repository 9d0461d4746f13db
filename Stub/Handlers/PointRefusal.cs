using System.Text;
using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;
using KgdbSim.Stub.Binding.Capabilities;
using KgdbSim.Stub.Session;

namespace KgdbSim.Stub.Handlers;

/// <summary>What became of a <c>Z</c> or <c>z</c>, in words where the debugger shows words.</summary>
internal sealed class PointRefusal(SessionContext context)
{
    /// <summary>Replies to a packet; the empty reply for what the machine has not.</summary>
    /// <param name="result">What the target said; null if it has no such points at all.</param>
    /// <param name="isInsertedHardware">The packet is <c>Z1</c>, for which more versions of gdb show words.</param>
    /// <param name="reply">The reply.</param>
    public Answer Tell(PointResult? result, bool isInsertedHardware, ReplyWriter reply)
    {
        if (result == PointResult.Done)
        {
            reply.WriteOk();
        }
        else if (result is { } refusal and not PointResult.NotSupported)
        {
            ErrorNumber number = NumberOf(refusal);
            ReadOnlySpan<byte> words = refusal == PointResult.NoSlot ? Owners() : WordsOf(refusal);
            if (isInsertedHardware)
            {
                ErrorReply.WriteHardwareBreakpoint(reply, number, words);
            }
            else
            {
                reply.WriteError(number, words);
            }
        }

        return Answer.Now;
    }

    private static ErrorNumber NumberOf(PointResult refusal) => refusal switch
    {
        PointResult.BadAddress => ErrorNumber.BadAddress,
        PointResult.Unaligned or PointResult.BadLength => ErrorNumber.Invalid,
        _ => ErrorNumber.Busy,
    };

    private static ReadOnlySpan<byte> WordsOf(PointResult refusal) => refusal switch
    {
        PointResult.Busy => "the text of the kernel is being patched"u8,
        PointResult.BadAddress => "not possible at this address"u8,
        PointResult.Unaligned => "the address must be a multiple of the length"u8,
        PointResult.TableFull => "the table of breakpoints is full"u8,
        _ => "not possible with this length"u8,
    };

    /// <summary>Who has the debug registers: what a user needs to know to free one.</summary>
    private byte[] Owners()
    {
        string owners = context.Target.SlotOwners?.Describe() ?? "";
        return Encoding.UTF8.GetBytes(owners.Length == 0 ? "no debug register is free" : $"no debug register is free: {owners}");
    }
}
