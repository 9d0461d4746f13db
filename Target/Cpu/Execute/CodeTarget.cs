namespace KgdbSim.Target.Cpu.Execute;

/// <summary>Checks of a code segment that control is to go to (SDM vol. 3, 5.8.1 and 5.8.2).</summary>
internal static unsafe class CodeTarget
{
    /// <summary>
    /// The descriptor that a far branch names: a code segment, or a gate. Records the fault when there is none.
    /// </summary>
    public static bool Find(
        CpuCore cpu, ushort selector, byte fault, uint external, out Descriptor descriptor, out ulong address)
    {
        descriptor = default;
        address = 0;
        if (DescriptorTables.IsNull(selector))
        {
            cpu.Fault(fault, external);
            return false;
        }

        switch (DescriptorTables.Find(cpu, selector, out descriptor, out address))
        {
            case DescriptorLookup.Found:
                return true;
            case DescriptorLookup.OutOfLimit:
                cpu.Fault(fault, DescriptorTables.ErrorCode(selector) | external);
                return false;
            default:
                return false;
        }
    }

    /// <summary>A code segment for JMP and CALL at the present privilege level.</summary>
    public static bool Direct(CpuCore cpu, ushort selector, Descriptor descriptor, ulong address, out SegmentLoad code)
    {
        code = default;
        int cpl = cpu.State->Cpl;
        bool allowed = descriptor.IsCode
            && (descriptor.IsConforming ? descriptor.Dpl <= cpl : (selector & 3) <= cpl && descriptor.Dpl == cpl);
        return allowed ? Finish(cpu, selector, descriptor, address, 0, out code) : Refuse(cpu, selector, 0);
    }

    /// <summary>A code segment for RET and IRET: its privilege level comes from the selector's RPL.</summary>
    public static bool Return(CpuCore cpu, ushort selector, out SegmentLoad code)
    {
        code = default;
        if (!Find(cpu, selector, Vector.GeneralProtection, 0, out Descriptor descriptor, out ulong address))
        {
            return false;
        }

        int rpl = selector & 3;
        bool allowed = descriptor.IsCode
            && rpl >= cpu.State->Cpl
            && (descriptor.IsConforming ? descriptor.Dpl <= rpl : descriptor.Dpl == rpl);
        return allowed ? Finish(cpu, selector, descriptor, address, 0, out code) : Refuse(cpu, selector, 0);
    }

    /// <summary>
    /// A code segment that a gate leads to; <paramref name="mustBe64"/> where the gate is a 64-bit one.
    /// </summary>
    public static bool ThroughGate(
        CpuCore cpu, ushort selector, uint external, bool mustBe64, out SegmentLoad code, out Descriptor descriptor)
    {
        code = default;
        if (!Find(cpu, selector, Vector.GeneralProtection, external, out descriptor, out ulong address))
        {
            return false;
        }

        bool allowed = descriptor.IsCode
            && descriptor.Dpl <= cpu.State->Cpl
            && (!mustBe64 || (descriptor.Long && !descriptor.Big));
        return allowed
            ? Finish(cpu, selector, descriptor, address, external, out code)
            : Refuse(cpu, selector, external);
    }

    /// <summary>
    /// The offset is one that the segment has: within its limit, or canonical in 64-bit code; else #GP(0).
    /// </summary>
    public static bool Offset(CpuCore cpu, in SegmentLoad code, ulong offset, uint external = 0)
    {
        bool code64 = code.Register.Long && (cpu.State->Efer & ControlBits.EferLma) != 0;
        if (code64 ? cpu.Mmu.IsCanonical(offset) : offset <= code.Register.Limit)
        {
            return true;
        }

        cpu.Fault(Vector.GeneralProtection, external);
        return false;
    }

    private static bool Finish(
        CpuCore cpu, ushort selector, Descriptor descriptor, ulong address, uint external, out SegmentLoad code)
    {
        code = default;
        bool longMode = (cpu.State->Efer & ControlBits.EferLma) != 0;
        if (longMode && descriptor.Long && descriptor.Big)
        {
            return Refuse(cpu, selector, external);
        }

        if (!descriptor.Present)
        {
            cpu.Fault(Vector.SegmentNotPresent, DescriptorTables.ErrorCode(selector) | external);
            return false;
        }

        return SegmentLoad.Prepare(
            cpu, descriptor.ToSegment(selector), descriptor, address, Descriptor.AccessedBit, out code);
    }

    private static bool Refuse(CpuCore cpu, ushort selector, uint external)
    {
        cpu.Fault(Vector.GeneralProtection, DescriptorTables.ErrorCode(selector) | external);
        return false;
    }
}
