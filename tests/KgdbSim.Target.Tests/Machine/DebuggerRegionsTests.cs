using KgdbSim.Target.Cpu;
using KgdbSim.Target.Machine;
using KgdbSim.Target.Memory;

namespace KgdbSim.Target.Tests.Machine;

/// <summary>The address space region by region, against tables written by hand (SDM vol. 3, 4.5).</summary>
public sealed unsafe class DebuggerRegionsTests : IDisposable
{
    private const ulong Present = 1;
    private const ulong Writable = 2;
    private const ulong Large = 0x80;
    private const ulong NoExecute = 1UL << 63;
    private const ulong Ram = 8 << 20;

    private readonly SmpMachine _machine = new(new MachineOptions { CpuCount = 1, Memory = Ram });

    private CpuCore Core => _machine[0].Core;

    [Theory]
    [InlineData(0x0, 0x0, 0x20_0000, "Read, Write, Execute", 0x0)]
    [InlineData(0x1f_ffff, 0x1f_f000, 0x1000, "Read, Write, Execute", 0x1f_f000)]
    [InlineData(0x20_0000, 0x20_0000, 0x1000, "Read", 0x5000)]
    [InlineData(0x20_1000, 0x20_1000, 0x2000, "Read, Write", 0x6000)]
    [InlineData(0x20_3000, 0x20_3000, 0x7f_ffdf_d000, "None", 0x0)]
    [InlineData(0x40_0000, 0x40_0000, 0x7f_ffc0_0000, "None", 0x0)]
    [InlineData(0x80_0000_0000, 0x80_0000_0000, 0x60_0000, "Read, Execute", 0x20_0000)]
    [InlineData(0x80_0060_0000, 0x80_0060_0000, 0xffff_ff7f_ff9f_f000, "None", 0x0)]
    [InlineData(0x8000_0000_0000, 0x8000_0000_0000, 0xffff_7fff_ffff_f000, "None", 0x0)]
    [InlineData(0xffff_ffff_ffff_f000, 0xffff_ffff_ffff_f000, 0x1000, "Read, Write", 0x7000)]
    public void Long_mode(ulong address, ulong start, ulong length, string rights, ulong physical)
    {
        EnterLongMode();
        Assert.Equal(new LinearRegion(start, length, Enum.Parse<LinearRights>(rights), physical), DebuggerRegions.Find(Core, address));
    }

    [Theory]
    [InlineData(0x1234, 0x1000, 0x7f_f000, "Read, Write, Execute")]
    [InlineData(0x80_0000, 0x80_0000, 0xffff_ffff_ff80_0000, "None")]
    [InlineData(0x1_0000_0000, 0x1_0000_0000, 0xffff_ffff_0000_0000, "None")]
    public void Without_paging_memory_is_where_it_is(ulong address, ulong start, ulong length, string rights)
    {
        LinearRegion region = DebuggerRegions.Find(Core, address);
        Assert.Equal((start, length, Enum.Parse<LinearRights>(rights)), (region.Start, region.Length, region.Rights));
    }

    public void Dispose() => _machine.Dispose();

    private void EnterLongMode()
    {
        // The first 2 MiB large; then page 0 read-only, pages 1 and 2 not to be executed; page 3 beyond RAM, the rest missing.
        Put(0x1000, 0x2000 | Present | Writable);
        Put(0x2000, 0x3000 | Present | Writable);
        Put(0x3000, 0 | Large | Present | Writable);
        Put(0x3008, 0x4000 | Present | Writable);
        Put(0x4000, 0x5000 | Present | NoExecute);
        Put(0x4008, 0x6000 | Present | Writable | NoExecute);
        Put(0x4010, 0x7000 | Present | Writable | NoExecute);
        Put(0x4018, Ram | Present | Writable);

        // At 512 GiB a read-only GiB of memory from 2 MiB on, of which RAM is the beginning only.
        Put(0x1008, 0x8000 | Present | Writable);
        Put(0x8000, 0x9000 | Present);
        for (ulong i = 0; i < 512; i++)
        {
            Put(0x9000 + (i * 8), ((i + 1) << 21) | Large | Present);
        }

        // The last page of all.
        Put(0x1ff8, 0xa000 | Present | Writable);
        Put(0xaff8, 0xb000 | Present | Writable);
        Put(0xbff8, 0xc000 | Present | Writable);
        Put(0xcff8, 0x7000 | Present | Writable | NoExecute);
        CpuState* s = Core.State;
        s->Cr0 = ControlBits.Cr0Pe | ControlBits.Cr0Pg | ControlBits.Cr0Wp | ControlBits.Cr0Et;
        s->Cr3 = 0x1000;
        s->Cr4 = ControlBits.Cr4Pae;
        s->Efer = ControlBits.EferLme | ControlBits.EferLma | ControlBits.EferNxe;
        Core.TranslationChanged();
    }

    private void Put(ulong physical, ulong value) => _machine.Memory.Write(physical, BitConverter.GetBytes(value));
}
