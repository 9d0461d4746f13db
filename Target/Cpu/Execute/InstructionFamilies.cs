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
        X87Family.Register(table);
        MmxFamily.Register(table);
        SseFamily.Register(table);
        AvxFamily.Register(table);
        Shift.Register(table);
        ShiftDouble.Register(table);
        Multiply.Register(table);
        Divide.Register(table);
        BitTest.Register(table);
        BitScan.Register(table);
        Bmi1.Register(table);
        Bmi2.Register(table);
        Adx.Register(table);
        ByteSwap.Register(table);
        Exchange.Register(table);
        CompareExchange.Register(table);
        SignExtend.Register(table);
        FlagControlStatus.Register(table);
        Stack.Register(table);
        StackFrame.Register(table);
        Loop.Register(table);
        Bcd.Register(table);
        Bound.Register(table);
        Translate.Register(table);
        Nop.Register(table);
        CacheLine.Register(table);
        RandomNumber.Register(table);
        StringMove.Register(table);
        StringStore.Register(table);
        StringLoad.Register(table);
        StringScan.Register(table);
        StringElementCompare.Register(table);
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
