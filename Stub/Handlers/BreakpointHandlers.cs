using KgdbSim.Protocol.AgentExpressions;
using KgdbSim.Protocol.Packets;
using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;
using KgdbSim.Stub.Binding.Capabilities;
using KgdbSim.Stub.Session;

namespace KgdbSim.Stub.Handlers;

/// <summary>Breakpoints and watchpoints: <c>Z0-Z4 z0-z4</c>. A kind that the machine lacks gets the empty reply.</summary>
internal sealed class BreakpointHandlers(SessionContext context)
{
    private readonly PointRefusal _refusal = new(context);

    public Answer Insert(in InsertBreakpoint packet, ReplyWriter reply)
    {
        if (packet.Commands.Count > 0)
        {
            return Refuse("commands were not offered"u8, reply);
        }

        BreakpointTarget point = packet.Target;
        if (WatchKindOf(point.Kind) is not { } watch)
        {
            return InsertBreakpoint(packet, reply);
        }

        if (packet.Conditions.Count > 0)
        {
            // Only Z0 and Z1 have a list of conditions (GDB manual, "Packets").
            return Refuse("a watchpoint has no conditions"u8, reply);
        }

        if (point.Length <= 0)
        {
            return _refusal.Tell(PointResult.BadLength, false, reply);
        }

        return _refusal.Tell(context.Target.Watchpoints?.Insert(watch, point.Address, (ulong)point.Length), false, reply);
    }

    public Answer Remove(in RemoveBreakpoint packet, ReplyWriter reply)
    {
        BreakpointTarget point = packet.Target;
        if (WatchKindOf(point.Kind) is { } watch)
        {
            return _refusal.Tell(context.Target.Watchpoints?.Remove(watch, point.Address, (ulong)point.Length), false, reply);
        }

        PointResult? result = context.Target.Breakpoints?.Remove(IsHardware(point), point.Address);
        if (result == PointResult.Done)
        {
            context.Control.Conditions.Remove(IsHardware(point), point.Address);
        }

        return _refusal.Tell(result, false, reply);
    }

    private static Answer Refuse(ReadOnlySpan<byte> why, ReplyWriter reply)
    {
        reply.WriteError(ErrorNumber.Invalid, why);
        return Answer.Now;
    }

    /// <summary>The conditions of all expressions, or null if one of them is no program.</summary>
    private static AgentProgram[]? Verify(ExpressionList expressions)
    {
        AgentProgram[] programs = new AgentProgram[expressions.Count];
        int count = 0;
        foreach (HexBytes expression in expressions)
        {
            byte[] code = new byte[expression.Length];
            expression.CopyTo(code);
            if (AgentProgram.Create(code, out _) is not { } program)
            {
                return null;
            }

            programs[count++] = program;
        }

        return programs;
    }

    private Answer InsertBreakpoint(in InsertBreakpoint packet, ReplyWriter reply)
    {
        BreakpointTarget point = packet.Target;
        if (point.Length != 1)
        {
            // "kind 1" is all there is on x86: a breakpoint has no length.
            return _refusal.Tell(PointResult.BadLength, IsHardware(point), reply);
        }

        if (Verify(packet.Conditions) is not { } conditions)
        {
            return Refuse("a condition is no valid agent expression"u8, reply);
        }

        PointResult? result = context.Target.Breakpoints?.Insert(IsHardware(point), point.Address);
        if (result == PointResult.Done)
        {
            context.Control.Conditions.Set(IsHardware(point), point.Address, conditions);
        }

        return _refusal.Tell(result, IsHardware(point), reply);
    }

    private static bool IsHardware(BreakpointTarget point) => point.Kind == BreakpointKind.Hardware;

    private static WatchKind? WatchKindOf(BreakpointKind kind) => kind switch
    {
        BreakpointKind.WriteWatch => WatchKind.Write,
        BreakpointKind.ReadWatch => WatchKind.Read,
        BreakpointKind.AccessWatch => WatchKind.Access,
        _ => null,
    };
}
