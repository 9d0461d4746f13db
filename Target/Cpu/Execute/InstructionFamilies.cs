using KgdbSim.Target.Cpu.Instructions;

namespace KgdbSim.Target.Cpu.Execute;

/// <summary>The list of instruction families: a new one is a file and a line here.</summary>
internal static class InstructionFamilies
{
    public static void Register(InstructionTable table)
    {
        Arithmetic.Register(table);
        Move.Register(table);
        Branch.Register(table);
        CallReturn.Register(table);
        ConditionalMove.Register(table);
        ConditionalSet.Register(table);
        SseFamily.Register(table);
    }
}
