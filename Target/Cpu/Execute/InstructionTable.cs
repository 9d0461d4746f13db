using Iced.Intel;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Primitives;

namespace KgdbSim.Target.Cpu.Execute;

/// <summary>
/// What runs each instruction. A row names a mnemonic and one general form, or one for each operand width; a row for a
/// single encoding (<see cref="Code"/>) wins over its mnemonic's. Families fill it in; the decoder asks it.
/// </summary>
internal sealed unsafe class InstructionTable
{
    private readonly Row[] _byMnemonic = new Row[Enum.GetValues<Mnemonic>().Length];
    private readonly Row?[] _byCode = new Row?[Enum.GetValues<Code>().Length];

    /// <summary>The complete table.</summary>
    public InstructionTable() => InstructionFamilies.Register(this);

    /// <summary>One general form for every encoding of a mnemonic.</summary>
    public void Add(Mnemonic mnemonic, delegate*<CpuCore, DecodedOp*, StepStatus> execute)
    {
        Refuse(_byMnemonic[(int)mnemonic].Known, mnemonic.ToString());
        _byMnemonic[(int)mnemonic] = new Row(execute, execute, execute, execute);
    }

    /// <summary>A general form per width of operand 0 (of operand 1 where operand 0 has none): 1, 2, 4 and 8 bytes;
    /// null where there is no such form.</summary>
    public void Add(
        Mnemonic mnemonic,
        delegate*<CpuCore, DecodedOp*, StepStatus> bytes1,
        delegate*<CpuCore, DecodedOp*, StepStatus> bytes2,
        delegate*<CpuCore, DecodedOp*, StepStatus> bytes4,
        delegate*<CpuCore, DecodedOp*, StepStatus> bytes8)
    {
        Refuse(_byMnemonic[(int)mnemonic].Known, mnemonic.ToString());
        _byMnemonic[(int)mnemonic] = new Row(bytes1, bytes2, bytes4, bytes8);
    }

    /// <summary>A general form for one encoding.</summary>
    public void Add(Code code, delegate*<CpuCore, DecodedOp*, StepStatus> execute)
    {
        Refuse(_byCode[(int)code].HasValue, code.ToString());
        _byCode[(int)code] = new Row(execute, execute, execute, execute);
    }

    /// <summary>What runs an encoding, or null if nothing does: the instruction is then #UD.</summary>
    /// <param name="widthLog2">log2 of the operand width in bytes, 0..3.</param>
    public delegate*<CpuCore, DecodedOp*, StepStatus> Find(Code code, int widthLog2)
    {
        Row row = _byCode[(int)code] ?? _byMnemonic[(int)code.Mnemonic()];
        return row.Get(widthLog2);
    }

    /// <summary>Some row covers this encoding.</summary>
    public bool Covers(Code code) => _byCode[(int)code].HasValue || _byMnemonic[(int)code.Mnemonic()].Known;

    private static void Refuse(bool known, string name)
    {
        if (known)
        {
            throw new SimulatorBug($"two instruction rows for {name}");
        }
    }

    private readonly struct Row(
        delegate*<CpuCore, DecodedOp*, StepStatus> bytes1,
        delegate*<CpuCore, DecodedOp*, StepStatus> bytes2,
        delegate*<CpuCore, DecodedOp*, StepStatus> bytes4,
        delegate*<CpuCore, DecodedOp*, StepStatus> bytes8)
    {
        private readonly delegate*<CpuCore, DecodedOp*, StepStatus> _bytes1 = bytes1;
        private readonly delegate*<CpuCore, DecodedOp*, StepStatus> _bytes2 = bytes2;
        private readonly delegate*<CpuCore, DecodedOp*, StepStatus> _bytes4 = bytes4;
        private readonly delegate*<CpuCore, DecodedOp*, StepStatus> _bytes8 = bytes8;

        public bool Known => _bytes1 != null || _bytes2 != null || _bytes4 != null || _bytes8 != null;

        public delegate*<CpuCore, DecodedOp*, StepStatus> Get(int widthLog2) => widthLog2 switch
        {
            0 => _bytes1,
            1 => _bytes2,
            2 => _bytes4,
            _ => _bytes8,
        };
    }
}
