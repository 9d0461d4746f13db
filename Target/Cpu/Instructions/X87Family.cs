using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>All x87 instructions.</summary>
internal static class X87Family
{
    public static void Register(InstructionTable table)
    {
        X87Arithmetic.Register(table);
        X87Load.Register(table);
        X87Store.Register(table);
        X87Compare.Register(table);
        X87Move.Register(table);
        X87Functions.Register(table);
        X87Trigonometry.Register(table);
        X87Control.Register(table);
        X87Environment.Register(table);
    }
}
