using Iced.Intel;
using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Tests.Traps;
using static Iced.Intel.AssemblerRegisters;

namespace KgdbSim.Target.Tests.Instructions;

/// <summary>
/// Near branches to a non-canonical address: #GP(0) at the branch, which has changed nothing (SDM vol. 2, "JMP", "CALL",
/// "RET", "64-Bit Mode Exceptions"). AMD's processors do the same: seen on a Zen 4 for each form here but Jcc.
/// </summary>
public sealed unsafe class NearBranchTests
{
    private const ulong NonCanonical = 0x4141_4141_4141_4141;

    /// <summary>The last address of the lower half is 18 bytes on.</summary>
    private const ulong NearTheEnd = 0x7FFF_FFFF_FFED;

    public static TheoryData<string, string> Indirect()
    {
        var data = new TheoryData<string, string>();
        foreach (string form in Forms.Keys)
        {
            data.Add("intel", form);
            data.Add("amd", form);
        }

        return data;
    }

    private static Dictionary<string, Action<Assembler>> Forms { get; } = new()
    {
        ["jmp rax"] = a => a.jmp(rax),
        ["jmp [rsp]"] = a => a.jmp(__qword_ptr[rsp]),
        ["call rax"] = a => a.call(rax),
        ["call [rsp]"] = a => a.call(__qword_ptr[rsp]),
        ["ret"] = a => a.ret(),
        ["ret 16"] = a => a.ret(16),
    };

    [Theory]
    [MemberData(nameof(Indirect))]
    public void A_non_canonical_target_is_GP_at_the_branch_and_nothing_has_changed(string model, string form)
    {
        using TrapMachine machine = new TrapMachine(model: CpuModel.Find(model)).Load(Forms[form]);
        ulong rsp = TrapMachine.StackTop - 64;
        machine.State->Gpr[Gpr.Rax] = NonCanonical;
        machine.State->Gpr[Gpr.Rsp] = rsp;
        machine.Write(rsp, NonCanonical);
        machine.Write(rsp - 8, 0x1234);
        machine.Gate(13, TrapMachine.Handler(13), ist: 1);
        machine.Write(TrapMachine.Tss + 36, TrapMachine.KernelStackTop);
        Frame frame = machine.RunToTrap();
        Assert.Equal((13, 0UL, TrapMachine.CodeStart, rsp), (frame.Vector, frame.ErrorCode, frame.Rip, frame.Rsp));
        Assert.Equal((0x1234UL, NonCanonical), (machine.Read(rsp - 8), machine.Read(rsp)));
    }

    [Theory]
    [InlineData("intel", new byte[] { 0xEB, 0x7F })]
    [InlineData("amd", new byte[] { 0xEB, 0x7F })]
    [InlineData("intel", new byte[] { 0x74, 0x7F })]
    [InlineData("amd", new byte[] { 0x74, 0x7F })]
    [InlineData("intel", new byte[] { 0xE8, 0x7F, 0, 0, 0 })]
    [InlineData("amd", new byte[] { 0xE8, 0x7F, 0, 0, 0 })]
    [InlineData("intel", new byte[] { 0xE3, 0x7F })]
    [InlineData("amd", new byte[] { 0xE3, 0x7F })]
    public void So_is_a_direct_branch_over_the_end_of_the_lower_half(string model, byte[] code)
    {
        using TrapMachine machine = new TrapMachine(model: CpuModel.Find(model));
        const ulong physical = 0x60_0000;
        const ulong tables = 0xA0_0000;
        machine.Write(TrapMachine.PageMapLevel4 + (255 * 8), tables | 7);
        machine.Write(tables + (511 * 8), (tables + 0x1000) | 7);
        machine.Write(tables + 0x1000 + (511 * 8), physical | 0x87);
        machine.Bytes(physical + (NearTheEnd & 0x1F_FFFF), code);
        machine.State->Rip = NearTheEnd;
        machine.State->Gpr[Gpr.Rcx] = 0;
        machine.SetFlags(Flags.Zf);
        ulong rsp = machine.State->Gpr[Gpr.Rsp];
        Frame frame = machine.RunToTrap();
        Assert.Equal((13, 0UL, NearTheEnd, rsp), (frame.Vector, frame.ErrorCode, frame.Rip, frame.Rsp));
    }
}
