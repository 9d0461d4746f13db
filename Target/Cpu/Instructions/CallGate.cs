using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Cpu.Instructions;

/// <summary>
/// Far JMP and CALL through 16-, 32- and 64-bit call gates, with stack switch and parameters (SDM vol. 3, 5.8.3 to
/// 5.8.5). Task gates and TSS descriptors, which would switch tasks, are refused with #GP as long mode does.
/// </summary>
internal static unsafe class CallGate
{
    private readonly record struct Gate(ushort Selector, ulong Offset, int Width, int Parameters);

    public static StepStatus Jump(CpuCore cpu, ushort selector, Descriptor descriptor, ulong address)
    {
        if (!Read(cpu, selector, descriptor, address, out Gate gate)
            || !CodeTarget.ThroughGate(
                cpu, gate.Selector, 0, gate.Width == 8, out SegmentLoad code, out Descriptor target))
        {
            return StepStatus.Fault;
        }

        if (!target.IsConforming && target.Dpl != cpu.State->Cpl)
        {
            return cpu.Fault(Vector.GeneralProtection, DescriptorTables.ErrorCode(gate.Selector));
        }

        return CodeTarget.Offset(cpu, code, gate.Offset) ? Enter(cpu, code, gate, cpu.State->Cpl) : StepStatus.Fault;
    }

    public static StepStatus Call(CpuCore cpu, DecodedOp* op, ushort selector, Descriptor descriptor, ulong address)
    {
        CpuState* s = cpu.State;
        if (!Read(cpu, selector, descriptor, address, out Gate gate)
            || !CodeTarget.ThroughGate(
                cpu, gate.Selector, 0, gate.Width == 8, out SegmentLoad code, out Descriptor target)
            || !CodeTarget.Offset(cpu, code, gate.Offset))
        {
            return StepStatus.Fault;
        }

        if (!target.IsConforming && target.Dpl < s->Cpl)
        {
            return gate.Width == 8
                ? Inward64(cpu, op, code, gate, target.Dpl)
                : Inward(cpu, op, code, gate, target.Dpl);
        }

        bool pushed = gate.Width switch
        {
            8 => FarTransfer.PushReturn<ulong>(cpu, op),
            4 => FarTransfer.PushReturn<uint>(cpu, op),
            _ => FarTransfer.PushReturn<ushort>(cpu, op),
        };
        return pushed ? Enter(cpu, code, gate, s->Cpl) : StepStatus.Fault;
    }

    private static bool Read(CpuCore cpu, ushort selector, Descriptor descriptor, ulong address, out Gate gate)
    {
        gate = default;
        uint error = DescriptorTables.ErrorCode(selector);
        bool longMode = (cpu.State->Efer & ControlBits.EferLma) != 0;
        int privilege = Math.Max(cpu.State->Cpl, selector & 3);
        bool known = descriptor.Type == Descriptor.CallGate || (descriptor.Type == Descriptor.CallGate16 && !longMode);
        if (!known || descriptor.Dpl < privilege)
        {
            cpu.Fault(Vector.GeneralProtection, error);
            return false;
        }

        ulong upper = 0;
        if (longMode && !Upper(cpu, selector, address, error, out upper))
        {
            return false;
        }

        if (!descriptor.Present)
        {
            cpu.Fault(Vector.SegmentNotPresent, error);
            return false;
        }

        int width = longMode ? 8 : descriptor.Type == Descriptor.CallGate ? 4 : 2;
        ulong offset = width == 2 ? descriptor.GateOffset & 0xFFFF : descriptor.GateOffset | (upper << 32);
        gate = new Gate(descriptor.GateSelector, offset, width, width == 8 ? 0 : descriptor.GateParameters);
        return true;
    }

    // The upper half of a 64-bit gate must be in the table, and its type field 0 (SDM vol. 3, 5.8.3.1).
    private static bool Upper(CpuCore cpu, ushort selector, ulong address, uint error, out ulong upper)
    {
        upper = 0;
        switch (DescriptorTables.Find(cpu, (ushort)(selector + 8), out Descriptor second, out _))
        {
            case DescriptorLookup.Fault:
                return false;
            case DescriptorLookup.Found when (second.Raw & (0x1FUL << 40)) == 0:
                upper = second.Raw & 0xFFFF_FFFF;
                return true;
            default:
                cpu.Fault(Vector.GeneralProtection, error);
                return false;
        }
    }

    private static StepStatus Inward64(CpuCore cpu, DecodedOp* op, SegmentLoad code, in Gate gate, int cpl)
    {
        CpuState* s = cpu.State;
        if (!TaskState.Stack64(cpu, cpl, 0, out ulong pointer))
        {
            return StepStatus.Fault;
        }

        if (!cpu.Mmu.IsCanonical(pointer - 1) || !cpu.Mmu.IsCanonical(pointer - 32))
        {
            return cpu.Fault(Vector.StackFault, 0);
        }

        for (ulong slot = 8; slot <= 32; slot += 8)
        {
            if (!cpu.Mmu.PrepareSystemStore(pointer - slot, 8))
            {
                return StepStatus.Fault;
            }
        }

        cpu.Mmu.StoreSystem(pointer - 8, (ulong)s->Ss.Selector);
        cpu.Mmu.StoreSystem(pointer - 16, s->Gpr[Gpr.Rsp]);
        cpu.Mmu.StoreSystem(pointer - 24, (ulong)s->Cs.Selector);
        cpu.Mmu.StoreSystem(pointer - 32, Interpreter.Wrap(op, op->NextRip));
        s->Gpr[Gpr.Rsp] = pointer - 32;
        s->Ss = DescriptorLoad.Null((ushort)cpl);
        return Enter(cpu, code, gate, cpl);
    }

    private static StepStatus Inward(CpuCore cpu, DecodedOp* op, SegmentLoad code, in Gate gate, int cpl)
    {
        CpuState* s = cpu.State;
        if (!TaskState.StackLegacy(cpu, cpl, 0, out ushort selector, out uint pointer)
            || !DescriptorLoad.CheckStack(cpu, selector, cpl, Vector.InvalidTss, 0, false, out SegmentLoad stack))
        {
            return StepStatus.Fault;
        }

        Span<uint> parameters = stackalloc uint[gate.Parameters];
        for (int i = 0; i < parameters.Length; i++)
        {
            if (!Parameter(cpu, gate.Width, i, out parameters[i]))
            {
                return StepStatus.Fault;
            }
        }

        var frame = new InnerStack(cpu, stack.Register, pointer, gate.Width, user: false);
        if (!frame.Prepare(4 + parameters.Length, DescriptorTables.ErrorCode(selector)))
        {
            return StepStatus.Fault;
        }

        frame.Push(s->Ss.Selector);
        frame.Push((uint)s->Gpr[Gpr.Rsp]);
        for (int i = parameters.Length - 1; i >= 0; i--)
        {
            frame.Push(parameters[i]);
        }

        frame.Push(s->Cs.Selector);
        frame.Push((uint)op->NextRip);
        DescriptorLoad.Commit(cpu, SegmentIndex.Ss, stack);
        StackAccess.SetPointer(s, false, frame.Pointer);
        return Enter(cpu, code, gate, cpl);
    }

    private static bool Parameter(CpuCore cpu, int width, int index, out uint value)
    {
        ulong pointer = cpu.State->Gpr[Gpr.Rsp] + (ulong)(index * width);
        if (width == 4)
        {
            return StackAccess.Load(cpu, false, pointer, out value);
        }

        bool ok = StackAccess.Load(cpu, false, pointer, out ushort narrow);
        value = narrow;
        return ok;
    }

    private static StepStatus Enter(CpuCore cpu, SegmentLoad code, in Gate gate, int cpl)
    {
        PrivilegeLevel.Enter(cpu, code, cpl);
        cpu.State->Rip = gate.Offset;
        return StepStatus.Branch;
    }
}
