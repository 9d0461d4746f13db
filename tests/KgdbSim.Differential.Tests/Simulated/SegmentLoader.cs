using System.Runtime.InteropServices;
using KgdbSim.Differential.Tests.Snippets;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Differential.Tests.Simulated;

/// <summary>Gives the simulated processor the local descriptor table of the host's, and a snippet's segments.</summary>
internal sealed unsafe class SegmentLoader
{
    /// <summary>Behind the global descriptor table, in its page.</summary>
    private const ulong TableOffset = 0x800;

    private static readonly ulong[] Table = [.. Segments.Local.Select(segment => segment.Descriptor.Raw)];

    private bool _written;

    public void Load(CpuCore cpu, MachineState* from)
    {
        CpuState* s = cpu.State;
        ulong table = s->GdtrBase + TableOffset;
        if (!_written && cpu.Mmu.Peek(table, out ulong physical))
        {
            cpu.Memory.Write(physical, MemoryMarshal.AsBytes<ulong>(Table));
            _written = true;
        }

        s->Ldtr = new SegmentRegister { Base = table, Limit = (uint)(8 * Table.Length) - 1, Attributes = 0x82 };
        if (from->Cs == Segments.Code64)
        {
            return;
        }

        s->Rip = from->Rip;
        Load(cpu, SegmentIndex.Cs, from->Cs);
        Load(cpu, SegmentIndex.Ss, from->Ss);
        Load(cpu, SegmentIndex.Ds, from->Ds);
        Load(cpu, SegmentIndex.Es, from->Es);
        Load(cpu, SegmentIndex.Fs, from->Fs);
        Load(cpu, SegmentIndex.Gs, from->Gs);
        cpu.TranslationChanged();
        cpu.Attention = false;
    }

    private static void Load(CpuCore cpu, SegmentIndex index, ushort selector)
    {
        SegmentRegister* register = CpuState.Segment(cpu.State, index);
        if (DescriptorTables.IsNull(selector))
        {
            *register = new SegmentRegister { Selector = selector };
        }
        else if (DescriptorTables.Find(cpu, selector, out Descriptor descriptor, out _) == DescriptorLookup.Found)
        {
            *register = descriptor.ToSegment(selector);
        }
        else
        {
            throw new InvalidOperationException($"selector {selector:x} has no segment");
        }
    }
}
