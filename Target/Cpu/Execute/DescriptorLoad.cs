namespace KgdbSim.Target.Cpu.Execute;

/// <summary>
/// Loading ES, SS, DS, FS and GS (SDM vol. 2, "MOV", and vol. 3, 5.6 and 5.7): every check, then the register. A method
/// that returns false has recorded the fault and changed nothing.
/// </summary>
internal static unsafe class DescriptorLoad
{
    /// <summary>Loads a segment register other than CS at the present privilege level.</summary>
    public static bool Segment(CpuCore cpu, SegmentIndex index, ushort selector)
    {
        if (!Check(cpu, index, selector, out SegmentLoad loaded))
        {
            return false;
        }

        Commit(cpu, index, loaded);
        return true;
    }

    /// <summary>Finds what a selector would load, and every fault it could give.</summary>
    public static bool Check(CpuCore cpu, SegmentIndex index, ushort selector, out SegmentLoad loaded)
    {
        CpuState* s = cpu.State;
        if (!s->ProtectedMode)
        {
            loaded = new SegmentLoad(RealMode(*CpuState.Segment(s, index), selector));
            return true;
        }

        return index == SegmentIndex.Ss
            ? CheckStack(cpu, selector, s->Cpl, Vector.GeneralProtection, 0, s->Is64Bit, out loaded)
            : CheckData(cpu, selector, out loaded);
    }

    /// <summary>Puts a checked segment into its register.</summary>
    public static void Commit(CpuCore cpu, SegmentIndex index, in SegmentLoad loaded)
    {
        loaded.Mark(cpu);
        *CpuState.Segment(cpu.State, index) = loaded.Register;

        // Cached stores and loads of legacy code don't depend on segments; the widths of stack and code do.
        if (index == SegmentIndex.Ss)
        {
            cpu.Attention = true;
        }
    }

    /// <summary>A data segment register of real mode: only selector and base change (SDM vol. 3, 21.1.1).</summary>
    public static SegmentRegister RealMode(SegmentRegister before, ushort selector)
    {
        before.Selector = selector;
        before.Base = (ulong)selector << 4;
        return before;
    }

    /// <summary>What a null selector leaves: nothing may be accessed through it.</summary>
    public static SegmentRegister Null(ushort selector) => new() { Selector = selector };

    /// <summary>Checks a selector for SS at a privilege level that is present or to come.</summary>
    /// <param name="fault">Vector of faults about the selector: #GP for loads and returns, #TS for stack
    /// switches.</param>
    /// <param name="external">EXT bit for the error codes.</param>
    /// <param name="mode64">The code that will run is 64-bit: below CPL 3 a null selector will do.</param>
    public static bool CheckStack(
        CpuCore cpu, ushort selector, int cpl, byte fault, uint external, bool mode64, out SegmentLoad loaded)
    {
        loaded = new SegmentLoad(Null(selector));
        if (DescriptorTables.IsNull(selector))
        {
            return (mode64 && cpl != 3 && (selector & 3) == cpl) || Refuse(cpu, fault, external);
        }

        uint error = DescriptorTables.ErrorCode(selector) | external;
        switch (DescriptorTables.Find(cpu, selector, out Descriptor descriptor, out ulong address))
        {
            case DescriptorLookup.Fault:
                return false;
            case DescriptorLookup.OutOfLimit:
                return Refuse(cpu, fault, error);
        }

        if ((selector & 3) != cpl || !descriptor.IsWritableData || descriptor.Dpl != cpl)
        {
            return Refuse(cpu, fault, error);
        }

        if (!descriptor.Present)
        {
            return Refuse(cpu, Vector.StackFault, error);
        }

        return SegmentLoad.Prepare(
            cpu, descriptor.ToSegment(selector), descriptor, address, Descriptor.AccessedBit, out loaded);
    }

    private static bool CheckData(CpuCore cpu, ushort selector, out SegmentLoad loaded)
    {
        loaded = new SegmentLoad(Null(selector));
        if (DescriptorTables.IsNull(selector))
        {
            return true;
        }

        uint error = DescriptorTables.ErrorCode(selector);
        switch (DescriptorTables.Find(cpu, selector, out Descriptor descriptor, out ulong address))
        {
            case DescriptorLookup.Fault:
                return false;
            case DescriptorLookup.OutOfLimit:
                return Refuse(cpu, Vector.GeneralProtection, error);
        }

        int privilege = Math.Max(selector & 3, cpu.State->Cpl);
        if (!descriptor.IsReadable || (!descriptor.IsConforming && privilege > descriptor.Dpl))
        {
            return Refuse(cpu, Vector.GeneralProtection, error);
        }

        if (!descriptor.Present)
        {
            return Refuse(cpu, Vector.SegmentNotPresent, error);
        }

        return SegmentLoad.Prepare(
            cpu, descriptor.ToSegment(selector), descriptor, address, Descriptor.AccessedBit, out loaded);
    }

    private static bool Refuse(CpuCore cpu, byte vector, uint error)
    {
        cpu.Fault(vector, error);
        return false;
    }
}
