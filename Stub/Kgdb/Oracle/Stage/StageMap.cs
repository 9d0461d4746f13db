namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>
/// Where what is, for guest code: the kernel image's range as the recorded kernel has it, and a private range with what the machine
/// needs to run at all. Nothing else is mapped.
/// </summary>
internal static class StageMap
{
    /// <summary>_text: text and read-only data, then data up to <see cref="ImageEnd"/>.</summary>
    public const ulong Text = 0xffff_ffff_8100_0000;

    /// <summary>Where writable memory begins in the recorded kernel; <see cref="StageLayout.DataStart"/> says where it does on the stage.</summary>
    public const ulong Data = 0xffff_ffff_81a0_0000;

    /// <summary>Bytes that an entry of the third level maps.</summary>
    public const ulong LargePage = 2 << 20;

    public const ulong ImageEnd = 0xffff_ffff_8200_0000;

    /// <summary>Two megabytes with tables, stacks and the code around the functions.</summary>
    public const ulong Private = 0xffff_ffff_9000_0000;

    public const ulong PrivateSize = 2 << 20;

    /// <summary>Physical address of <see cref="Text"/>.</summary>
    public const ulong ImagePhysical = 16 << 20;

    /// <summary>Physical address of <see cref="Private"/>.</summary>
    public const ulong PrivatePhysical = 4 << 20;

    /// <summary>RAM of the machine.</summary>
    public const ulong MemoryBytes = 48 << 20;

    /// <summary>Physical address of the page map.</summary>
    public const ulong PageTables = 2 << 20;

    /// <summary>kgdb_setting_breakpoint, which kgdb_breakpoint counts up and down.</summary>
    public const ulong SettingBreakpoint = Private + 0x6000;

    public const ulong InterruptTable = Private;
    public const ulong DescriptorTable = Private + 0x1000;

    /// <summary>A task state segment per CPU, 256 bytes apart.</summary>
    public const ulong TaskStates = Private + 0x2000;

    /// <summary>A byte of code for each vector, 16 bytes apart; the machine stops there and the modelled kernel takes over.</summary>
    public const ulong Vectors = Private + 0x3000;

    /// <summary>IRETQ: the modelled kernel lets a CPU go through here.</summary>
    public const ulong InterruptReturn = Private + 0x3f00;

    /// <summary>Where functions return to: room to step about in.</summary>
    public const ulong TaskReturn = Private + 0x4000;

    /// <summary>A task that gets there is through; the machine stops.</summary>
    public const ulong TaskEnd = TaskReturn + 1024;

    /// <summary>What a panicking CPU does when the debugger has let it go: nothing, for ever.</summary>
    public const ulong PanicEnd = Private + 0x3f20;

    /// <summary>The idle loop.</summary>
    public const ulong Idle = Private + 0x3f30;

    /// <summary>Waits for other CPUs before a function.</summary>
    public const ulong Gate = Private + 0x3f40;

    /// <summary>A store to a bad address, a bare int3, the clearing of the buffer.</summary>
    public const ulong Null = Private + 0x3f50;

    public const ulong Int3 = Private + 0x3f60;
    public const ulong Reset = Private + 0x3f70;

    /// <summary>Stacks for #DB and NMI, two pages per CPU.</summary>
    public const ulong InterruptStacks = Private + 0x1_0000;

    /// <summary>Idle stacks, a page per CPU.</summary>
    public const ulong IdleStacks = Private + 0x3_0000;

    /// <summary>Task stacks, a page per pid, used again after 256 tasks.</summary>
    public const ulong TaskStacks = Private + 0x8_0000;

    private const int TaskStackCount = 256;

    public static ulong TaskStackTop(int pid) => TaskStacks + ((ulong)(pid % TaskStackCount) << 12) + 0xff0;

    public static ulong IdleStackTop(int cpu) => IdleStacks + ((ulong)cpu << 12) + 0xff0;

    public static ulong InterruptStackTop(int cpu, int index) => InterruptStacks + ((ulong)((cpu * 2) + index) << 12) + 0x1000;

    public static ulong Vector(int vector) => Vectors + ((ulong)vector * 16);

    /// <summary>Where a linear address of one of the two ranges is in RAM.</summary>
    public static bool ToPhysical(ulong address, out ulong physical)
    {
        if (address - Text < ImageEnd - Text)
        {
            physical = address - Text + ImagePhysical;
            return true;
        }

        physical = address - Private + PrivatePhysical;
        return address - Private < PrivateSize;
    }
}
