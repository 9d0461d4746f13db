using System.Numerics;

namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>
/// The registers and flags with which the recorded kernel called the stage's functions. Its caller shifts the function's index by four
/// to find its table entry; the status flags of that shift are what a stop in the function shows.
/// </summary>
internal sealed class TaskStarts(StageLayout layout, CallerScan callers)
{
    private const ulong InterruptFlag = 0x200;
    private const ulong ParityFlag = 4;
    private const ulong ZeroFlag = 0x40;
    private const ulong AlwaysSet = 2;

    /// <summary>What a command does on its CPU; null if there is no such command.</summary>
    public TaskStart? For(ConsoleCommand command)
    {
        TaskStart? start = Make(command);
        ulong? caller = start?.InstructionPointer == layout.KgdbBreakpoint ? callers.OfBreakpoint : callers.OfFunctions;
        return caller is { } address && start is not null ? start with { Caller = address } : start;
    }

    private TaskStart? Make(ConsoleCommand command) => command switch
    {
        { Kind: "sysrq", Name: "g" } => new TaskStart { InstructionPointer = layout.KgdbBreakpoint },

        // panic turns interrupts off before it calls kgdb.
        { Kind: "sysrq", Name: "c" } => new TaskStart
        {
            InstructionPointer = layout.KgdbBreakpoint,
            Flags = AlwaysSet,
            IsPanic = true,
        },
        { Kind: "run", Name: "brk" } => Call(layout.KgdbBreakpoint, command, 0),
        { Kind: "run", Name: "int3" } => Call(StageMap.Int3, command, 0),
        { Kind: "run", Name: "null" } => Call(StageMap.Null, command, 0) with { Rdi = command.Offset },
        { Kind: "run", Name: "reset" } => new TaskStart
        {
            InstructionPointer = StageMap.Reset,
            Rdi = layout.Buffer,
            Rcx = StageLayout.BufferSize,
            ClearsGate = true,
        },
        { Kind: "run" } => Function(command),
        _ => null,
    };

    private TaskStart? Function(ConsoleCommand command)
    {
        string name = command.Name switch
        {
            "bp" => "bp_target",
            "bp2" => "bp_target2",
            _ => command.Name,
        };
        int index = StageLayout.FunctionNames.ToList().IndexOf(name);
        return index < 0 ? null : Call(layout.Function(name), command, (ulong)index);
    }

    private TaskStart Call(ulong address, ConsoleCommand command, ulong index)
    {
        ulong entry = index << 4;
        bool plain = command.Participants == 1;
        ulong flags = AlwaysSet | (plain ? InterruptFlag : 0) | (entry == 0 ? ZeroFlag : 0)
            | (BitOperations.PopCount(entry & 0xff) % 2 == 0 ? ParityFlag : 0);
        return new TaskStart
        {
            InstructionPointer = address,
            Flags = flags,
            Rbx = plain ? entry : 0x202,
            Rcx = plain ? index : entry,
            Rdx = command.Second,
            Rsi = command.Value,
            Rdi = layout.Buffer + command.Offset,
            Participants = command.Participants,
        };
    }
}
