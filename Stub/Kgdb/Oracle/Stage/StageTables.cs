using KgdbSim.Target.Memory;

namespace KgdbSim.Stub.Kgdb.Oracle.Stage;

/// <summary>Page tables, descriptors, gates and the little code around the stage's functions, written into a machine's RAM.</summary>
internal sealed class StageTables(PhysicalMemory memory, int cpuCount)
{
    public const ushort CodeSelector = 0x10;
    public const ushort StackSelector = 0x18;
    public const ushort TaskSelector = 0x20;
    public const ushort InterruptTableLimit = (32 * 16) - 1;
    public const ushort TaskStateBytes = 104;

    private const ulong Present = 1;
    private const ulong Writable = 2;
    private const ulong Large = 0x80;
    private const byte Halt = 0xf4;

    /// <summary>Limit of the descriptor table: three plain descriptors behind the null one, and two slots for each task state.</summary>
    public ushort DescriptorLimit => (ushort)((8 * (4 + (2 * cpuCount))) - 1);

    public void Write(StageLayout layout)
    {
        WritePageTables(layout.DataStart);
        WriteDescriptors();
        WriteGates();
        WriteCode();
        foreach (string name in StageLayout.FunctionNames)
        {
            Put(layout.Function(name), StageCode.Function(name));
        }

        Put(layout.KgdbBreakpoint, StageCode.KgdbBreakpoint(layout.KgdbBreakpoint, StageMap.SettingBreakpoint));
        Put(layout.ReadOnlyData, StageCode.ReadOnlyData);
    }

    public static ushort TaskStateSelector(int cpu) => (ushort)(TaskSelector + (16 * cpu));

    public static ulong TaskState(int cpu) => StageMap.TaskStates + ((ulong)cpu * 256);

    private void WritePageTables(ulong dataStart)
    {
        const ulong level3 = StageMap.PageTables + 0x1000;
        const ulong level2 = StageMap.PageTables + 0x2000;
        PutPhysical(StageMap.PageTables + (511 * 8), level3 | Present | Writable);
        PutPhysical(level3 + (510 * 8), level2 | Present | Writable);
        for (ulong at = StageMap.Text; at < StageMap.ImageEnd; at += StageMap.LargePage)
        {
            ulong access = at < dataStart ? Present : Present | Writable;
            PutPhysical(level2 + Index(at), (at - StageMap.Text + StageMap.ImagePhysical) | Large | access);
        }

        PutPhysical(level2 + Index(StageMap.Private), StageMap.PrivatePhysical | Large | Present | Writable);
    }

    // Of the 2 MiB page in the last gigabyte but one, which is what 8-byte entries of one table cover.
    private static ulong Index(ulong address) => (address >> 21 & 511) * 8;

    private void WriteDescriptors()
    {
        Put(StageMap.DescriptorTable + CodeSelector, 0x00af_9b00_0000_ffff);
        Put(StageMap.DescriptorTable + StackSelector, 0x00cf_9300_0000_ffff);
        for (int cpu = 0; cpu < cpuCount; cpu++)
        {
            ulong state = TaskState(cpu);
            ulong place = StageMap.DescriptorTable + TaskStateSelector(cpu);
            Put(place, (TaskStateBytes - 1) | (state & 0xff_ffff) << 16 | 0x8bUL << 40 | (state >> 24 & 0xff) << 56);
            Put(place + 8, state >> 32);
            Put(state + 36, StageMap.InterruptStackTop(cpu, 0));
            Put(state + 44, StageMap.InterruptStackTop(cpu, 1));
        }
    }

    // #DB and NMI have stacks of their own, as in the kernel; all are interrupt gates that int3 may use from anywhere.
    private void WriteGates()
    {
        for (int vector = 0; vector < 32; vector++)
        {
            ulong target = StageMap.Vector(vector);
            ulong stack = vector switch
            {
                1 => 1,
                2 => 2,
                _ => 0,
            };
            ulong low = (target & 0xffff) | (ulong)CodeSelector << 16 | stack << 32 | 0xeeUL << 40 | (target >> 16 & 0xffff) << 48;
            Put(StageMap.InterruptTable + ((ulong)vector * 16), low);
            Put(StageMap.InterruptTable + ((ulong)vector * 16) + 8, target >> 32);
            Put(target, [Halt]);
        }
    }

    private void WriteCode()
    {
        // iretq
        Put(StageMap.InterruptReturn, [0x48, 0xcf]);

        byte[] room = new byte[StageMap.TaskEnd - StageMap.TaskReturn];
        Array.Fill(room, (byte)0x90);
        Put(StageMap.TaskReturn, room);
        Put(StageMap.TaskEnd, [Halt]);

        // cli, hlt, again
        Put(StageMap.PanicEnd, [0xfa, Halt, 0xeb, 0xfd]);

        // xor %eax,%eax, sti, hlt, again
        Put(StageMap.Idle, [0x31, 0xc0, 0xfb, Halt, 0xeb, 0xfa]);

        // pause, again
        Put(StageMap.Gate, [0xf3, 0x90, 0xeb, 0xfc]);

        // nop, mov %esi,(%rdi), nop, ret
        Put(StageMap.Null, [0x90, 0x89, 0x37, 0x90, 0xc3]);

        // int3, nop, ret
        Put(StageMap.Int3, [0xcc, 0x90, 0xc3]);

        // rep stosb, ret
        Put(StageMap.Reset, [0xf3, 0xaa, 0xc3]);
    }

    private void Put(ulong address, ReadOnlySpan<byte> bytes)
    {
        StageMap.ToPhysical(address, out ulong physical);
        memory.Write(physical, bytes);
    }

    private void Put(ulong address, ulong value) => Put(address, BitConverter.GetBytes(value));

    private void PutPhysical(ulong physical, ulong value) => memory.Write(physical, BitConverter.GetBytes(value));
}
