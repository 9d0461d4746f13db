namespace KgdbSim.Target.Cpu.Execute;

/// <summary>
/// What the processor itself reads of the task-state segment: stacks and the I/O permission map (SDM vol. 3, 8.2.1 and
/// 8.7).
/// </summary>
internal static unsafe class TaskState
{
    /// <summary>RSP0-RSP2 of a 64-bit TSS, or an entry of its interrupt stack table.</summary>
    private const int FirstStack64 = 4;

    private const int InterruptStacks64 = 36;

    /// <summary>Stack pointer of a privilege level in long mode.</summary>
    public static bool Stack64(CpuCore cpu, int cpl, uint external, out ulong pointer) =>
        Load(cpu, FirstStack64 + (8 * cpl), external, out pointer);

    /// <summary>Entry 1..7 of the interrupt stack table.</summary>
    public static bool InterruptStack(CpuCore cpu, int index, uint external, out ulong pointer) =>
        Load(cpu, InterruptStacks64 + (8 * (index - 1)), external, out pointer);

    /// <summary>Stack segment and pointer of a privilege level in a 16- or 32-bit TSS.</summary>
    public static bool StackLegacy(CpuCore cpu, int cpl, uint external, out ushort selector, out uint pointer)
    {
        pointer = 0;
        if ((cpu.State->Tr.Type & 8) != 0)
        {
            return Load(cpu, 8 + (8 * cpl), external, out selector) && Load(cpu, 4 + (8 * cpl), external, out pointer);
        }

        bool ok = Load(cpu, 4 + (4 * cpl), external, out selector);
        if (!ok || !Load(cpu, 2 + (4 * cpl), external, out ushort narrow))
        {
            return false;
        }

        pointer = narrow;
        return true;
    }

    /// <summary>
    /// The I/O permission map lets the current task use all these ports; false also when reading it faults, which is
    /// then recorded, as is #GP(0) for a refusal.
    /// </summary>
    public static bool AllowsPorts(CpuCore cpu, ushort port, int size)
    {
        CpuState* s = cpu.State;
        const int MapBaseField = 102;
        if (s->Tr.Unusable || (s->Tr.Type & 8) == 0 || s->Tr.Limit < MapBaseField + 1)
        {
            return Refuse(cpu);
        }

        if (!cpu.Mmu.LoadSystem(s->Tr.Base + MapBaseField, out ushort mapBase))
        {
            return false;
        }

        // Two bytes are always read, so that any port range is in them (SDM vol. 1, 19.5.2).
        uint offset = (uint)mapBase + (uint)(port >> 3);
        if (offset + 1 > s->Tr.Limit)
        {
            return Refuse(cpu);
        }

        if (!cpu.Mmu.LoadSystem(s->Tr.Base + offset, out ushort bits))
        {
            return false;
        }

        uint mask = ((1u << size) - 1) << (port & 7);
        return (bits & mask) == 0 || Refuse(cpu);
    }

    private static bool Load<T>(CpuCore cpu, int offset, uint external, out T value)
        where T : unmanaged
    {
        SegmentRegister tr = cpu.State->Tr;
        if (tr.Unusable || (uint)(offset + sizeof(T) - 1) > tr.Limit)
        {
            value = default;
            cpu.Fault(Vector.InvalidTss, DescriptorTables.ErrorCode(tr.Selector) | external);
            return false;
        }

        return cpu.Mmu.LoadSystem(tr.Base + (ulong)offset, out value);
    }

    private static bool Refuse(CpuCore cpu)
    {
        cpu.GeneralProtection();
        return false;
    }
}
