using Iced.Intel;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Tests.Traps;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Tests.System;

/// <summary>
/// What is cached for one privilege serves no other, and comes back right with it: translations, jump targets and decoded
/// code across SYSCALL, SYSRET, STAC, CLAC and faults (SDM vol. 3, 4.6 and 4.10).
/// </summary>
public sealed unsafe class PrivilegeSwitchTests
{
    private const ulong Page = TrapMachine.DataStart;
    private const ulong KernelEntry = 0x11_0000;
    private const ulong FaultStackTop = 0x13_0000;
    private const ulong Function = 0x1A_0000;
    private const ulong ReadOnlyPage = 0x85;

    /// <summary>Entry of the directory that maps <see cref="Page"/>'s 2 MiB.</summary>
    private const ulong PageEntry = TrapMachine.Directory + 8;

    [Fact]
    public void A_supervisor_page_that_the_kernel_used_stays_closed_to_the_user()
    {
        using TrapMachine machine = Machine(
            user: a =>
            {
                a.syscall();
                a.syscall();
                a.mov(rbx, __qword_ptr[Page]);
            },
            kernel: a => a.inc(__qword_ptr[Page]));
        machine.Write(PageEntry, Page | 0x83);
        Frame frame = machine.RunToTrap();
        Assert.Equal((14, 5UL, 2UL), (frame.Vector, frame.ErrorCode, machine.Read(Page)));
    }

    [Fact]
    public void What_was_cached_before_a_page_became_read_only_is_not_used_after_INVLPG()
    {
        using TrapMachine machine = Machine(
            user: a =>
            {
                a.mov(__qword_ptr[Page], rbx);
                a.syscall();
                a.mov(__qword_ptr[Page], rbx);
            },
            kernel: a =>
            {
                a.mov(__qword_ptr[PageEntry], (int)(Page | ReadOnlyPage));
                a.invlpg(__byte_ptr[Page]);
            });
        Assert.Equal((14, 7UL), Outcome(machine.RunToTrap()));
    }

    [Fact]
    public void Code_that_the_kernel_changes_is_changed_for_the_user()
    {
        using TrapMachine machine = Machine(
            user: a =>
            {
                a.mov(eax, (int)Function);
                a.call(rax);
                a.call(rax);
                a.syscall();
                a.mov(eax, (int)Function);
                a.call(rax);
                a.ud2();
            },
            kernel: a => a.mov(__byte_ptr[Function + 2], 7));

        // add ebx, 1; ret
        machine.Bytes(Function, 0x83, 0xC3, 1, 0xC3);
        machine.State->Gpr[Gpr.Rbx] = 0;
        Assert.Equal((6, 9UL), (machine.RunToTrap().Vector, machine.State->Gpr[Gpr.Rbx]));
    }

    [Fact]
    public void With_SMEP_a_target_known_from_user_mode_is_closed_to_the_kernel()
    {
        using TrapMachine machine = Machine(
            user: a =>
            {
                a.mov(eax, (int)Function);
                a.call(rax);
                a.syscall();
            },
            kernel: a =>
            {
                a.mov(eax, (int)Function);
                a.jmp(rax);
            });
        machine.Bytes(Function, 0xC3);

        UserCodeInSmallPages(machine);
        machine.State->Cr4 |= ControlBits.Cr4Smep;
        machine.Core.TranslationChanged();
        Frame frame = machine.RunToTrap();
        Assert.Equal((14, 0x11UL, Function), (frame.Vector, frame.ErrorCode, frame.Rip));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_AC_let_the_kernel_reach_is_closed_again_without_it(bool write)
    {
        using TrapMachine machine = Machine(
            user: a =>
            {
                a.mov(__qword_ptr[Page], rbx);
                a.syscall();
            },
            kernel: a =>
            {
                a.stac();
                a.inc(__qword_ptr[Page]);
                a.clac();
                a.stac();
                a.inc(__qword_ptr[Page]);
                a.clac();
                _ = write ? Do(() => a.inc(__qword_ptr[Page])) : Do(() => a.mov(rbx, __qword_ptr[Page]));
            });
        UserCodeInSmallPages(machine);
        machine.State->Cr4 |= ControlBits.Cr4Smap;
        machine.State->Gpr[Gpr.Rbx] = 40;
        machine.Core.TranslationChanged();
        Frame frame = machine.RunToTrap();
        Assert.Equal((14, write ? 3UL : 1, 42UL), (frame.Vector, frame.ErrorCode, machine.Read(Page)));
    }

    [Fact]
    public void Alignment_checks_are_the_users_alone()
    {
        using TrapMachine machine = Machine(
            user: a =>
            {
                a.mov(rbx, __qword_ptr[Page + 8]);
                a.syscall();
                a.mov(rbx, __qword_ptr[Page + 1]);
            },
            kernel: a => a.mov(rbx, __qword_ptr[Page + 1]));
        machine.State->Cr0 |= ControlBits.Cr0Am;
        machine.SetFlags(Flags.Ac);
        machine.Core.TranslationChanged();
        Assert.Equal((17, 0UL), Outcome(machine.RunToTrap()));
    }

    private static (int Vector, ulong ErrorCode) Outcome(Frame frame) => (frame.Vector, frame.ErrorCode);

    private static int Do(Action action)
    {
        action();
        return 0;
    }

    /// <summary>The first 2 MiB in small pages, of which the users' code alone is the users'.</summary>
    private static void UserCodeInSmallPages(TrapMachine machine)
    {
        const ulong table = 0xB000;
        for (ulong i = 0; i < 512; i++)
        {
            ulong page = i << 12;
            machine.Write(table + (8 * i), page | (page is TrapMachine.UserCodeStart or Function ? 7u : 3u));
        }

        machine.Write(TrapMachine.Directory, table | 7);
    }

    /// <summary>User code at CPL 3, and the kernel's code that SYSCALL calls; SYSRET follows it.</summary>
    private static TrapMachine Machine(Action<Assembler> user, Action<Assembler> kernel)
    {
        TrapMachine machine = new TrapMachine().EnterUser(user);
        machine.Assemble(
            64,
            a =>
            {
                kernel(a);
                a.sysretq();
            },
            KernelEntry);

        // Page faults get a stack of the supervisor's own, for SYSCALL leaves the kernel on the user's.
        machine.Gate(14, TrapMachine.Handler(14), ist: 1);
        machine.Write(TrapMachine.Tss + 36, FaultStackTop);
        machine.State->Star = 0x0013_0008_0000_0000;
        machine.State->LStar = KernelEntry;
        return machine;
    }
}
