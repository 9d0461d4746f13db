namespace KgdbSim.Stub.Kgdb.Faithful;

/// <summary>dbg_reg_def of arch/x86/kernel/kgdb.c@6.1 (64 bit): numbers, sizes and places in the register image.</summary>
internal static class RegisterNumber
{
    public const int FramePointer = 6;
    public const int StackPointer = 7;
    public const int InstructionPointer = 16;
    public const int Flags = 17;
    public const int CodeSegment = 18;
    public const int StackSegment = 19;

    /// <summary>DBG_MAX_REG_NUM.</summary>
    public const int Count = 24;

    /// <summary>Registers below have a place in the trap frame; ds, es, fs and gs have none.</summary>
    public const int StoredCount = 20;

    /// <summary>orig_rax has its own number and is not in the table.</summary>
    public const int OriginalRax = 57;

    /// <summary>NUMREGBYTES: what <c>g</c> and <c>G</c> carry. It ends after es.</summary>
    public const int ImageBytes = 156;

    /// <summary>Bytes of a register in the image.</summary>
    public static int Size(int register) => register <= InstructionPointer ? 8 : 4;

    /// <summary>Where a register begins in the image.</summary>
    public static int Offset(int register) =>
        register <= InstructionPointer ? 8 * register : 136 + (4 * (register - Flags));

    /// <summary>gdb counts rax rbx rcx rdx rsi rdi rbp rsp, the processor rax rcx rdx rbx rsp rbp rsi rdi.</summary>
    public static int InProcessor(int register) => register switch
    {
        1 => 3,
        2 => 1,
        3 => 2,
        4 => 6,
        5 => 7,
        FramePointer => 5,
        StackPointer => 4,
        _ => register,
    };
}
