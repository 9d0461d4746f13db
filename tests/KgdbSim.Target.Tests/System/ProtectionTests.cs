using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Tests.Traps;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Tests.System;

/// <summary>
/// What paging and privilege forbid: WP, NX, SMEP, SMAP, UMIP, LA57, alignment (SDM vol. 3, chapters 4 and 6).
/// </summary>
public sealed unsafe class ProtectionTests
{
    private const ulong Page = 0x20_0000;
    private const ulong Entry = TrapMachine.Directory + 8;

    [Theory]
    [InlineData(true, 14)]
    [InlineData(false, -1)]
    public void A_supervisor_may_write_a_read_only_page_unless_WP_is_set(bool writeProtect, int vector)
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.mov(__byte_ptr[Page], cl));
        machine.Write(Entry, Page | 0x85);
        machine.State->Cr0 = writeProtect ? machine.State->Cr0 : machine.State->Cr0 & ~ControlBits.Cr0Wp;
        Check(machine, vector, 3);
    }

    [Theory]
    [InlineData(true, 0x11UL)]
    [InlineData(false, 9UL)]
    public void NX_forbids_fetching_and_is_reserved_while_NXE_is_clear(bool enabled, ulong error)
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.nop(), at: Page);
        machine.Write(Entry, (1UL << 63) | Page | 0x87);
        machine.State->Efer |= enabled ? ControlBits.EferNxe : 0;
        Check(machine, 14, error, Page);
    }

    [Fact]
    public void SMEP_forbids_fetching_user_pages()
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.nop(), at: Page);
        machine.Write(TrapMachine.Directory, 0x83);
        machine.State->Cr4 |= ControlBits.Cr4Smep;
        Check(machine, 14, 0x11, Page);
    }

    [Theory]
    [InlineData(0UL, 14)]
    [InlineData(Flags.Ac, -1)]
    public void SMAP_forbids_touching_user_pages_unless_AC_is_set(ulong flags, int vector)
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.mov(cl, __byte_ptr[Page]));
        machine.Write(TrapMachine.Directory, 0x83);
        machine.State->Cr4 |= ControlBits.Cr4Smap;
        machine.SetFlags(flags);
        Check(machine, vector, 1);
    }

    [Fact]
    public void STAC_and_CLAC_switch_the_override_at_CPL_0_only()
    {
        using TrapMachine machine = new TrapMachine().Load(a =>
        {
            a.stac();
            a.mov(cl, __byte_ptr[Page]);
            a.clac();
            a.mov(cl, __byte_ptr[Page]);
        });
        machine.Write(TrapMachine.Directory, 0x83);
        machine.State->Cr4 |= ControlBits.Cr4Smap;
        Check(machine, 14, 1, TrapMachine.CodeStart + 13);

        using TrapMachine user = new TrapMachine().EnterUser(a => a.stac());
        Assert.Equal(6, user.RunToTrap().Vector);
    }

    [Fact]
    public void A_user_access_to_a_supervisor_page_says_so()
    {
        using TrapMachine machine = new TrapMachine().EnterUser(a => a.mov(__byte_ptr[0x60_0000], cl));
        machine.Write(TrapMachine.Directory + 24, 0x60_0000 | 0x83);
        Frame frame = machine.RunToTrap();
        Assert.Equal((14, 7UL), (frame.Vector, frame.ErrorCode));
    }

    [Theory]
    [InlineData(0x80)]
    [InlineData(0x2000)]
    public void A_reserved_bit_is_a_fault_of_its_own(int bit)
    {
        // Bit 7 of a top-level entry, and an address bit below a large page's size.
        using TrapMachine machine = new TrapMachine().Load(a => a.mov(al, __byte_ptr[rbx]));
        if (bit == 0x80)
        {
            machine.Write(TrapMachine.PageMapLevel4 + 8, TrapMachine.DirectoryPointers | 0x87);
            machine.State->Gpr[Gpr.Rbx] = 1UL << 39;
        }
        else
        {
            machine.Write(TrapMachine.Directory + 24, 0x60_2000 | 0x87);
            machine.State->Gpr[Gpr.Rbx] = 0x60_0000;
        }

        Check(machine, 14, 9);
    }

    [Theory]
    [InlineData("sgdt")]
    [InlineData("sidt")]
    [InlineData("sldt")]
    [InlineData("str")]
    [InlineData("smsw")]
    public void UMIP_takes_the_store_instructions_from_users(string name)
    {
        byte[] code = name switch
        {
            "sgdt" => [0x0F, 0x01, 0x03],
            "sidt" => [0x0F, 0x01, 0x0B],
            "sldt" => [0x0F, 0x00, 0xC0],
            "str" => [0x0F, 0x00, 0xC8],
            _ => [0x0F, 0x01, 0xE0],
        };
        using TrapMachine machine = new TrapMachine().EnterUser(a => a.db(code));
        machine.State->Gpr[Gpr.Rbx] = Page;
        machine.Cpu.Run(1);
        Assert.Equal(TrapMachine.UserCodeStart + 3, machine.State->Rip);

        machine.EnterUser(a => a.db(code));
        machine.State->Cr4 |= ControlBits.Cr4Umip;
        Assert.Equal(13, machine.RunToTrap().Vector);

        // The kernel keeps them.
        machine.Load(a => a.db(code));
        machine.RunToHalt();
        Assert.Equal(TrapMachine.CodeStart + 4, machine.State->Rip);
    }

    [Theory]
    [InlineData(false, 13)]
    [InlineData(true, 14)]
    public void With_LA57_addresses_of_57_bits_are_canonical(bool la57, int vector)
    {
        using TrapMachine machine = new TrapMachine().Load(a => a.mov(al, __byte_ptr[rbx]));
        if (la57)
        {
            machine.Write(0x60_0000, TrapMachine.PageMapLevel4 | 7);
            machine.State->Cr3 = 0x60_0000;
            machine.State->Cr4 |= ControlBits.Cr4La57;
            machine.Core.TranslationChanged();
        }

        machine.State->Gpr[Gpr.Rbx] = 0x0080_0000_0000_0000;
        Assert.Equal(vector, machine.RunToTrap().Vector);
    }

    [Theory]
    [InlineData(3, 1, 17)]
    [InlineData(0, 1, -1)]
    [InlineData(3, 0, -1)]
    public void Alignment_is_checked_at_CPL_3_with_AM_and_AC(int cpl, int address, int vector)
    {
        var machine = new TrapMachine();
        using (machine)
        {
            machine.Load(a => a.mov(__word_ptr[rbx], ax));
            if (cpl == 3)
            {
                machine.EnterUser(a =>
                {
                    a.mov(__word_ptr[rbx], ax);
                    a.ud2();
                });
            }

            machine.State->Cr0 |= ControlBits.Cr0Am;
            machine.SetFlags(Flags.Ac);
            machine.Core.TranslationChanged();
            machine.State->Gpr[Gpr.Rbx] = Page + (ulong)address;
            if (vector < 0 && cpl == 0)
            {
                machine.RunToHalt();
                Assert.InRange(machine.State->Rip, TrapMachine.CodeStart, TrapMachine.CodeStart + 16);
                return;
            }

            Frame frame = machine.RunToTrap();
            Assert.Equal((vector < 0 ? 6 : vector, 0UL), (frame.Vector, frame.ErrorCode));
        }
    }

    private static void Check(TrapMachine machine, int vector, ulong error, ulong rip = TrapMachine.CodeStart)
    {
        machine.State->Gpr[Gpr.Rsp] = 0x1F_0000;
        machine.Core.TranslationChanged();
        if (vector < 0)
        {
            machine.RunToHalt();
            Assert.InRange(machine.State->Rip, TrapMachine.CodeStart, TrapMachine.CodeStart + 32);
            return;
        }

        Frame frame = machine.RunToTrap();
        Assert.Equal((vector, error, rip), (frame.Vector, frame.ErrorCode, frame.Rip));
    }
}
