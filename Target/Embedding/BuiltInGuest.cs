using System.Buffers.Binary;
using System.Text;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Embedding;

/// <summary>
/// The guest that runs when no other is named, made to be debugged: CPUs 0-3 count together under a spin lock, CPU 1
/// writes <c>watched</c>, CPU 2 reads it, all call <c>breakme</c>; further CPUs halt. It never ends.
/// </summary>
public static class BuiltInGuest
{
    /// <summary>How many CPUs have something to do.</summary>
    public const int BusyCpus = 4;

    private const int CpuMax = 255;
    private const int StackSize = 0x400;
    private const uint LocalApic = 0xfee0_0000;

    /// <summary>Assembles it.</summary>
    /// <param name="startAll">
    /// Whether all CPUs enter at <c>_start</c> with their number in RDI; otherwise CPU 0 starts the others by
    /// INIT-SIPI-SIPI.
    /// </param>
    /// <returns>An ELF64 image with symbols.</returns>
    public static byte[] Build(bool startAll)
    {
        GuestProgram guest = new();
        Variables variables = new(guest);
        Assembler c = guest.Code;
        Label main = c.CreateLabel("cpu_main");
        Label print = c.CreateLabel("print");
        Label startOthers = c.CreateLabel("start_other_cpus");
        guest.Function("_start");
        c.cli();
        c.cld();
        if (!startAll)
        {
            c.xor(edi, edi);
            c.mov(eax, (uint)variables.PageTables);
            c.mov(cr3, rax);
        }

        LoadStack(c, variables.Stacks);
        EmitStart(c, startAll, print, startOthers, main);
        if (!startAll)
        {
            EmitStartOthers(guest, startOthers);
            EmitEntryOfOthers(guest, variables.Stacks, main);
        }

        EmitPrint(guest, print, variables.Greeting);
        WorkLoop(guest, main, variables);
        if (!startAll)
        {
            byte[] trampoline = StartTrampoline.Build(variables.PageTables, guest.AddressOf("other_cpu_entry"));
            guest.Section(".trampoline", StartTrampoline.Address, trampoline);
        }

        return guest.ToElf("_start");
    }

    private static void EmitStart(Assembler c, bool startAll, Label print, Label startOthers, Label main)
    {
        Label work = c.CreateLabel();
        c.test(edi, edi);
        c.jne(work);
        c.call(print);
        if (!startAll)
        {
            c.call(startOthers);
        }

        c.xor(edi, edi);
        c.Label(ref work);
        c.call(main);
        c.ud2();
    }

    /// <summary>A stack for the CPU numbered in EDI, so that each has its own.</summary>
    private static void LoadStack(Assembler c, ulong stacks)
    {
        c.mov(eax, edi);
        c.inc(eax);
        c.imul(eax, eax, StackSize);
        c.add(rax, (int)stacks);
        c.mov(rsp, rax);
        c.xor(ebp, ebp);
    }

    /// <summary>INIT to all others, then the start-up IPI twice (SDM vol. 3A, 9.4.4.1, "Typical BSP Initialization").</summary>
    private static void EmitStartOthers(GuestProgram guest, Label label)
    {
        const uint InterruptCommandLow = LocalApic + 0x300;
        const uint SpuriousVector = LocalApic + 0xf0;
        const uint AllButSelf = 0xc_0000;
        const uint Init = AllButSelf | 0x4500;
        const uint StartUp = AllButSelf | 0x4600 | (StartTrampoline.Address >> 12);
        Assembler c = guest.Code;
        guest.Function("start_other_cpus", label);
        c.push(rbp);
        c.mov(rbp, rsp);
        c.mov(eax, SpuriousVector);
        c.mov(__dword_ptr[rax], 0x1ff);
        c.mov(eax, InterruptCommandLow);
        c.mov(__dword_ptr[rax], (int)Init);
        Wait(c);
        c.mov(__dword_ptr[rax], (int)StartUp);
        Wait(c);
        c.mov(__dword_ptr[rax], (int)StartUp);
        c.pop(rbp);
        c.ret();
    }

    /// <summary>A start-up IPI that comes while INIT is being taken is lost: the others get time.</summary>
    private static void Wait(Assembler c)
    {
        Label again = c.CreateLabel();
        c.mov(ecx, 256);
        c.Label(ref again);
        c.pause();
        c.dec(ecx);
        c.jne(again);
    }

    private static void EmitEntryOfOthers(GuestProgram guest, ulong stacks, Label main)
    {
        Assembler c = guest.Code;
        guest.Function("other_cpu_entry");

        // Bits 31-24 of EBX are the initial APIC id, which is the CPU's number here.
        c.mov(eax, 1);
        c.cpuid();
        c.shr(ebx, 24);
        c.mov(edi, ebx);
        LoadStack(c, stacks);
        c.call(main);
        c.ud2();
    }

    private static void EmitPrint(GuestProgram guest, Label label, ulong text)
    {
        const byte Console = 0xe9;
        Assembler c = guest.Code;
        Label again = c.CreateLabel();
        Label done = c.CreateLabel();
        guest.Function("print", label);
        c.push(rbp);
        c.mov(rbp, rsp);
        c.mov(esi, (uint)text);
        c.Label(ref again);
        c.mov(al, __byte_ptr[rsi]);
        c.test(al, al);
        c.je(done);
        c.@out(Console, al);
        c.inc(rsi);
        c.jmp(again);
        c.Label(ref done);
        c.pop(rbp);
        c.ret();
    }

    private static void WorkLoop(GuestProgram guest, Label main, Variables variables)
    {
        Assembler c = guest.Code;
        Label add = AddUnderLock(guest, variables);
        Label write = WriteWatched(guest, variables.Watched);
        Label read = ReadWatched(guest, variables);
        Label breakme = BreakMe(guest);
        Label again = c.CreateLabel();
        Label notWriter = c.CreateLabel();
        Label notReader = c.CreateLabel();
        Label halt = c.CreateLabel();
        guest.Function("cpu_main", main);
        c.push(rbp);
        c.mov(rbp, rsp);
        c.push(rbx);
        c.push(r12);
        c.mov(ebx, edi);
        c.@lock.inc(__dword_ptr[(long)variables.CpusOnline]);
        c.cmp(ebx, BusyCpus);
        c.jae(halt);
        c.xor(r12d, r12d);
        c.Label(ref again);
        c.mov(edi, 1);
        c.call(add);
        c.cmp(ebx, 1);
        c.jne(notWriter);
        c.mov(rdi, r12);
        c.call(write);
        c.Label(ref notWriter);
        c.cmp(ebx, 2);
        c.jne(notReader);
        c.call(read);
        c.Label(ref notReader);
        c.mov(rdi, r12);
        c.call(breakme);
        c.inc(r12);
        c.mov(__qword_ptr[(rbx * 8) + (long)variables.Rounds], r12);
        c.jmp(again);
        c.Label(ref halt);
        c.hlt();
        c.jmp(halt);
    }

    private static Label AddUnderLock(GuestProgram guest, Variables variables)
    {
        Assembler c = guest.Code;
        Label acquire = c.CreateLabel();
        Label wait = c.CreateLabel();
        Label owned = c.CreateLabel();
        Label function = guest.Function("add_under_lock");
        c.push(rbp);
        c.mov(rbp, rsp);
        c.Label(ref acquire);
        c.mov(eax, 1);
        c.xchg(__dword_ptr[(long)variables.CounterLock], eax);
        c.test(eax, eax);
        c.je(owned);
        c.Label(ref wait);
        c.pause();
        c.cmp(__dword_ptr[(long)variables.CounterLock], 0);
        c.jne(wait);
        c.jmp(acquire);
        c.Label(ref owned);
        c.mov(rcx, __qword_ptr[(long)variables.Counter]);
        c.add(rcx, rdi);
        c.mov(__qword_ptr[(long)variables.Counter], rcx);
        c.mov(__dword_ptr[(long)variables.CounterLock], 0);
        c.pop(rbp);
        c.ret();
        return function;
    }

    private static Label WriteWatched(GuestProgram guest, ulong watched)
    {
        Assembler c = guest.Code;
        Label function = guest.Function("write_watched");
        c.push(rbp);
        c.mov(rbp, rsp);
        c.mov(__qword_ptr[(long)watched], rdi);
        c.pop(rbp);
        c.ret();
        return function;
    }

    private static Label ReadWatched(GuestProgram guest, Variables variables)
    {
        Assembler c = guest.Code;
        Label function = guest.Function("read_watched");
        c.push(rbp);
        c.mov(rbp, rsp);
        c.mov(rcx, __qword_ptr[(long)variables.Watched]);
        c.mov(__qword_ptr[(long)variables.LastSeen], rcx);
        c.pop(rbp);
        c.ret();
        return function;
    }

    private static Label BreakMe(GuestProgram guest)
    {
        Assembler c = guest.Code;
        Label function = guest.Function("breakme");
        c.push(rbp);
        c.mov(rbp, rsp);
        c.lea(rax, __[rdi + (rdi * 2) + 1]);
        c.pop(rbp);
        c.ret();
        return function;
    }

    /// <summary>The guest's data, by address.</summary>
    private sealed class Variables
    {
        public Variables(GuestProgram guest)
        {
            PageTables = guest.Variable("page_tables", IdentityMap.Build(GuestProgram.DefaultDataAddress));
            Counter = guest.Variable("counter", sizeof(ulong));
            CounterLock = guest.Variable("counter_lock", sizeof(uint));
            CpusOnline = guest.Variable("cpus_online", sizeof(uint));
            Watched = guest.Variable("watched", sizeof(ulong));
            LastSeen = guest.Variable("last_seen", sizeof(ulong));
            Rounds = guest.Variable("rounds", BusyCpus * sizeof(ulong));
            Greeting = guest.Variable("greeting", Encoding.ASCII.GetBytes("built-in guest: running\n\0"));
            Stacks = guest.Variable("stacks", StackSize * CpuMax);
        }

        public ulong PageTables { get; }

        public ulong Counter { get; }

        public ulong CounterLock { get; }

        public ulong CpusOnline { get; }

        public ulong Watched { get; }

        public ulong LastSeen { get; }

        public ulong Rounds { get; }

        public ulong Greeting { get; }

        public ulong Stacks { get; }
    }

    /// <summary>Page tables that map the first 4 GiB to themselves in pages of 2 MiB (SDM vol. 3A, 4.5).</summary>
    private static class IdentityMap
    {
        private const int EntryCount = 512;
        private const ulong PresentWritableUser = 7;
        private const ulong LargePage = 0x80;

        public static byte[] Build(ulong address)
        {
            const int Directories = 4;
            const int PageSize = EntryCount * sizeof(ulong);
            byte[] tables = new byte[(2 + Directories) * PageSize];
            Write(tables, 0, (address + PageSize) | PresentWritableUser);
            for (int i = 0; i < Directories; i++)
            {
                Write(tables, EntryCount + i, (address + ((2 + (ulong)i) * PageSize)) | PresentWritableUser);
            }

            for (int i = 0; i < Directories * EntryCount; i++)
            {
                Write(tables, (2 * EntryCount) + i, ((ulong)i << 21) | LargePage | PresentWritableUser);
            }

            return tables;
        }

        private static void Write(Span<byte> tables, int index, ulong entry) =>
            BinaryPrimitives.WriteUInt64LittleEndian(tables[(index * sizeof(ulong))..], entry);
    }
}
