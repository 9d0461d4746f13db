using KgdbSim.Protocol.TargetDescription;

namespace KgdbSim.Stub.Binding;

/// <summary>What a register of the description is in the simulated CPU.</summary>
internal enum X64RegisterKind : byte
{
    /// <summary>The CPU has nothing of the kind.</summary>
    None,

    /// <summary>A general register, by its encoding.</summary>
    General,

    /// <summary>RIP.</summary>
    InstructionPointer,

    /// <summary>The lower half of RFLAGS.</summary>
    Flags,

    /// <summary>A segment selector, by its encoding.</summary>
    Selector,

    /// <summary>An x87 register, counted from the top of the stack.</summary>
    Stack,

    /// <summary>An x87 control or status register, in the order of gdb.</summary>
    Float,

    /// <summary>The lower half of a YMM register.</summary>
    Xmm,

    /// <summary>The upper half of a YMM register.</summary>
    YmmHigh,

    /// <summary>MXCSR.</summary>
    Mxcsr,

    /// <summary>The base address of a segment, by its encoding.</summary>
    SegmentBase,

    /// <summary>A control register, by its number.</summary>
    Control,

    /// <summary>IA32_EFER.</summary>
    Efer,

    /// <summary>A debug register, by its number.</summary>
    Debug,
}

/// <summary>A register of the simulated CPU: what kind, and which of the kind.</summary>
internal readonly record struct X64Register(X64RegisterKind Kind, int Index);

/// <summary>Which register of the simulated CPU each number on the wire means, found by gdb's names.</summary>
internal sealed class X64RegisterTable
{
    /// <summary>In the encoding's order (SDM vol. 2A, 3.1.1.1); gdb's order is another.</summary>
    private static readonly string[] General =
        ["rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"];

    private static readonly string[] Selectors = ["es", "cs", "ss", "ds", "fs", "gs"];

    private static readonly string[] Bases = ["es_base", "cs_base", "ss_base", "ds_base", "fs_base", "gs_base"];

    private static readonly string[] Float = ["fctrl", "fstat", "ftag", "fiseg", "fioff", "foseg", "fooff", "fop"];

    private readonly X64Register[] _byNumber;

    /// <summary>Looks up every register of the description.</summary>
    public X64RegisterTable(RegisterSet description)
    {
        Description = description;
        _byNumber = [.. description.All.Select(register => Find(register.Name))];
    }

    /// <summary>The description.</summary>
    public RegisterSet Description { get; }

    /// <summary>The register of that number on the wire.</summary>
    public X64Register this[int number] => (uint)number < (uint)_byNumber.Length ? _byNumber[number] : default;

    private static X64Register Find(string name)
    {
        (X64RegisterKind Kind, string[] Names)[] lists =
        [
            (X64RegisterKind.General, General),
            (X64RegisterKind.Selector, Selectors),
            (X64RegisterKind.SegmentBase, Bases),
            (X64RegisterKind.Float, Float),
        ];
        foreach ((X64RegisterKind kind, string[] names) in lists)
        {
            int index = Array.IndexOf(names, name);
            if (index >= 0)
            {
                return new X64Register(kind, index);
            }
        }

        int digits = name.IndexOfAny([.. "0123456789"]);
        string stem = digits < 0 ? name : name[..digits];
        int number = digits < 0 ? 0 : int.Parse(name.AsSpan(digits).TrimEnd('h'));
        return new X64Register(KindOf(stem), number);
    }

    private static X64RegisterKind KindOf(string stem) => stem switch
    {
        "rip" => X64RegisterKind.InstructionPointer,
        "eflags" => X64RegisterKind.Flags,
        "st" => X64RegisterKind.Stack,
        "xmm" => X64RegisterKind.Xmm,
        "ymm" => X64RegisterKind.YmmHigh,
        "mxcsr" => X64RegisterKind.Mxcsr,
        "cr" => X64RegisterKind.Control,
        "efer" => X64RegisterKind.Efer,
        "dr" => X64RegisterKind.Debug,
        _ => X64RegisterKind.None,
    };
}
