namespace KgdbSim.Differential.Tests.Comparison;

/// <summary>Names of general registers by number.</summary>
internal static class RegisterNames
{
    public static string[] Gpr { get; } =
    [
        "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
    ];
}
