using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Packets;

/// <summary>
/// <c>Z type,addr,kind[;conditions][;cmds:persist,commands]</c>: sets a breakpoint or watchpoint. Sent again for one
/// that is set, it replaces the conditions and commands (GDB manual, packet <c>Z0</c>).
/// </summary>
/// <remarks>
/// Example: <c>Z0,401136,1;X3,220027</c>, a breakpoint whose condition is the program "const8 0; end".
/// </remarks>
public readonly ref struct InsertBreakpoint : IPacket<InsertBreakpoint>
{
    private InsertBreakpoint(
        BreakpointTarget target, ExpressionList conditions, ExpressionList commands, bool persistent)
    {
        Target = target;
        Conditions = conditions;
        Commands = commands;
        CommandsPersist = persistent;
    }

    /// <inheritdoc/>
    public static ReadOnlySpan<byte> Prefix => "Z"u8;

    /// <inheritdoc/>
    public static PacketInfo Info => new(
        "Z type,addr,kind[;conditions][;cmds:persist,commands]",
        "set a breakpoint or watchpoint",
        StubFeature.ConditionalBreakpoints,
        StubFeature.BreakpointCommands);

    /// <summary>Which breakpoint.</summary>
    public BreakpointTarget Target { get; }

    /// <summary>Conditions: the program stops if any of them is true, or if there are none.</summary>
    public ExpressionList Conditions { get; }

    /// <summary>Commands to run when it is hit.</summary>
    public ExpressionList Commands { get; }

    /// <summary>Whether the commands stay in force after gdb has left.</summary>
    public bool CommandsPersist { get; }

    /// <inheritdoc/>
    public static bool TryParse(ref PayloadReader reader, out InsertBreakpoint packet)
    {
        packet = default;
        ExpressionList conditions = default;
        ExpressionList commands = default;
        int persist = 0;
        if (!BreakpointTarget.TryParse(ref reader, out BreakpointTarget target))
        {
            return false;
        }

        while (!reader.IsAtEnd)
        {
            if (!reader.TrySkip((byte)';'))
            {
                return false;
            }

            bool isCommands = reader.Rest.StartsWith("cmds:"u8);
            if ((isCommands ? commands : conditions).Count > 0)
            {
                return reader.Fail(PacketError.BadExpression);
            }

            bool valid = isCommands
                ? reader.TryTake("cmds:"u8.Length, out _) && reader.TryNumber(out persist) && reader.TrySkip((byte)',')
                    && ExpressionList.TryParse(ref reader, out commands)
                : ExpressionList.TryParse(ref reader, out conditions);
            if (!valid)
            {
                return false;
            }
        }

        packet = new InsertBreakpoint(target, conditions, commands, persist != 0);
        return true;
    }
}
