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
        RegisterSystem(table);
    }

    private static void RegisterSystem(InstructionTable table)
    {
        Interrupt.Register(table);
        InterruptReturn.Register(table);
        FarTransfer.Register(table);
        FarReturn.Register(table);
        SegmentMove.Register(table);
        FarPointer.Register(table);
        SystemCall.Register(table);
        FastSystemCall.Register(table);
        ControlRegister.Register(table);
        DebugRegister.Register(table);
        DescriptorTable.Register(table);
        SystemSegment.Register(table);
        SegmentQuery.Register(table);
        SegmentBase.Register(table);
        Msr.Register(table);
        TlbControl.Register(table);
        Cpuid.Register(table);
        Time.Register(table);
        InputOutput.Register(table);
        StringInputOutput.Register(table);
        FlagControl.Register(table);
        Halt.Register(table);
    }
}
