using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>LGDT, LIDT, SGDT, SIDT (SDM vol. 2).</summary>
internal static unsafe class DescriptorTable
{
    private const uint Base16BitMask = 0xFF_FFFF;

    public static void Register(InstructionTable table)
    {
        table.Add(Code.Lgdt_m1632_16, &LoadGlobal16);
        table.Add(Code.Lgdt_m1632, &LoadGlobal);
        table.Add(Code.Lgdt_m1664, &LoadGlobal);
        table.Add(Code.Lidt_m1632_16, &LoadInterrupt16);
        table.Add(Code.Lidt_m1632, &LoadInterrupt);
        table.Add(Code.Lidt_m1664, &LoadInterrupt);
        table.Add(Mnemonic.Sgdt, &StoreGlobal);
        table.Add(Mnemonic.Sidt, &StoreInterrupt);
    }

    private static StepStatus LoadGlobal16(CpuCore cpu, DecodedOp* op) => LoadGlobal(cpu, op, Base16BitMask);

    private static StepStatus LoadGlobal(CpuCore cpu, DecodedOp* op) => LoadGlobal(cpu, op, ulong.MaxValue);

    private static StepStatus LoadInterrupt16(CpuCore cpu, DecodedOp* op) => LoadInterrupt(cpu, op, Base16BitMask);

    private static StepStatus LoadInterrupt(CpuCore cpu, DecodedOp* op) => LoadInterrupt(cpu, op, ulong.MaxValue);

    private static StepStatus LoadGlobal(CpuCore cpu, DecodedOp* op, ulong mask)
    {
        if (!Load(cpu, op, out ushort limit, out ulong start))
        {
            return StepStatus.Fault;
        }

        cpu.State->GdtrLimit = limit;
        cpu.State->GdtrBase = start & mask;
        return StepStatus.Next;
    }

    private static StepStatus LoadInterrupt(CpuCore cpu, DecodedOp* op, ulong mask)
    {
        if (!Load(cpu, op, out ushort limit, out ulong start))
        {
            return StepStatus.Fault;
        }

        cpu.State->IdtrLimit = limit;
        cpu.State->IdtrBase = start & mask;
        return StepStatus.Next;
    }

    private static StepStatus StoreGlobal(CpuCore cpu, DecodedOp* op) =>
        Store(cpu, op, cpu.State->GdtrLimit, cpu.State->GdtrBase);

    private static StepStatus StoreInterrupt(CpuCore cpu, DecodedOp* op) =>
        Store(cpu, op, cpu.State->IdtrLimit, cpu.State->IdtrBase);

    private static bool Load(CpuCore cpu, DecodedOp* op, out ushort limit, out ulong start)
    {
        bool mode64 = Operands.Is64(op);
        limit = 0;
        start = 0;
        if (!Privilege.Supervisor(cpu)
            || !Operands.Address(cpu, op, mode64 ? 10 : 6, false, out ulong linear)
            || !cpu.Mmu.Load(linear, Operands.Stack(op), out limit))
        {
            return false;
        }

        if (!mode64)
        {
            bool loaded = cpu.Mmu.Load(linear + 2, Operands.Stack(op), out uint narrow);
            start = narrow;
            return loaded;
        }

        if (!cpu.Mmu.Load(linear + 2, Operands.Stack(op), out start))
        {
            return false;
        }

        if (cpu.Mmu.IsCanonical(start))
        {
            return true;
        }

        cpu.GeneralProtection();
        return false;
    }

    private static StepStatus Store(CpuCore cpu, DecodedOp* op, ushort limit, ulong start)
    {
        bool mode64 = Operands.Is64(op);
        bool stack = Operands.Stack(op);
        int size = mode64 ? 10 : 6;
        if (!Privilege.UserModeInstruction(cpu)
            || !Operands.Address(cpu, op, size, true, out ulong linear)
            || !cpu.Mmu.PrepareStore(linear, 2, stack)
            || !cpu.Mmu.PrepareStore(linear + 2, size - 2, stack))
        {
            return StepStatus.Fault;
        }

        cpu.Mmu.Store(linear, stack, limit);
        if (mode64)
        {
            cpu.Mmu.Store(linear + 2, stack, start);
        }
        else
        {
            cpu.Mmu.Store(linear + 2, stack, (uint)start);
        }

        return StepStatus.Next;
    }
}
