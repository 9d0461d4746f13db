using Iced.Intel;

namespace KgdbSim.Target.Embedding;

/// <summary>
/// A guest written with Iced's assembler: 64-bit code and data with names and sizes, turned into an ELF64 image that the
/// simulator loads and from which gdb takes the symbols.
/// </summary>
/// <example>
/// <code>
/// GuestProgram guest = new();
/// ulong counter = guest.Variable("counter", 8);
/// Label again = guest.Function("_start");
/// guest.Code.inc(__qword_ptr[counter]);
/// guest.Code.jmp(again);
/// byte[] elf = guest.ToElf("_start");
/// </code>
/// </example>
public sealed class GuestProgram
{
    /// <summary>Where code begins unless said otherwise: 1 MiB, above everything a PC reserves.</summary>
    public const ulong DefaultCodeAddress = 0x10_0000;

    /// <summary>Where data begins unless said otherwise: 2 MiB.</summary>
    public const ulong DefaultDataAddress = 0x20_0000;

    private readonly ulong _codeAddress;
    private readonly ulong _dataAddress;
    private readonly List<(string Name, Label Label)> _functions = [];
    private readonly List<(string Name, ulong Address, int Size)> _variables = [];
    private readonly List<(string Name, ulong Address, byte[] Bytes)> _sections = [];
    private readonly List<byte> _data = [];
    private byte[]? _assembled;
    private AssemblerResult _result;

    /// <summary>An empty program at the default addresses.</summary>
    public GuestProgram() : this(DefaultCodeAddress, DefaultDataAddress)
    {
    }

    /// <summary>An empty program.</summary>
    /// <param name="codeAddress">Physical and virtual address of the code, a multiple of 4096.</param>
    /// <param name="dataAddress">The same for the data, behind or before the code and at a distance.</param>
    /// <exception cref="ArgumentOutOfRangeException">An address is not that of a page.</exception>
    public GuestProgram(ulong codeAddress, ulong dataAddress)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(codeAddress % 0x1000, 0ul);
        ArgumentOutOfRangeException.ThrowIfNotEqual(dataAddress % 0x1000, 0ul);
        _codeAddress = codeAddress;
        _dataAddress = dataAddress;
    }

    /// <summary>The assembler; what it emits follows the function begun last.</summary>
    public Assembler Code { get; } = new(64);

    /// <summary>Begins a function here, which ends the one before it, and returns its label for calls.</summary>
    public Label Function(string name) => Function(name, Code.CreateLabel(name));

    /// <summary>Begins a function here whose label was created before because it is called from above.</summary>
    public Label Function(string name, Label label)
    {
        Code.Label(ref label);
        _functions.Add((name, label));
        return label;
    }

    /// <summary>Reserves a variable of zeros and returns its address.</summary>
    /// <param name="name">Its symbol.</param>
    /// <param name="size">Its size in bytes, at least 1; it is aligned to its size up to a page.</param>
    public ulong Variable(string name, int size) => Variable(name, new byte[size]);

    /// <summary>Places initialised data and returns its address.</summary>
    public ulong Variable(string name, ReadOnlySpan<byte> initial)
    {
        ArgumentOutOfRangeException.ThrowIfZero(initial.Length);
        int alignment = (int)Math.Min(System.Numerics.BitOperations.RoundUpToPowerOf2((uint)initial.Length), 0x1000);
        while (_data.Count % alignment != 0)
        {
            _data.Add(0);
        }

        ulong address = _dataAddress + (ulong)_data.Count;
        _data.AddRange(initial);
        _variables.Add((name, address, initial.Length));
        return address;
    }

    /// <summary>Places finished bytes as a section of their own, for code of another mode such as a start-up trampoline.</summary>
    public void Section(string name, ulong address, byte[] bytes) => _sections.Add((name, address, bytes));

    /// <summary>Assembles the code, once; no more can be emitted afterwards.</summary>
    /// <exception cref="InvalidOperationException">The code does not assemble; the message is Iced's.</exception>
    public void Assemble()
    {
        if (_assembled is not null)
        {
            return;
        }

        MemoryStream bytes = new();
        if (!Code.TryAssemble(new StreamCodeWriter(bytes), _codeAddress, out string? error, out _result,
            BlockEncoderOptions.ReturnNewInstructionOffsets))
        {
            throw new InvalidOperationException($"the guest does not assemble: {error}");
        }

        _assembled = bytes.ToArray();
    }

    /// <summary>The address of a function or variable.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public ulong AddressOf(string name)
    {
        foreach ((string variable, ulong address, int _) in _variables)
        {
            if (variable == name)
            {
                return address;
            }
        }

        Assemble();
        foreach ((string function, Label label) in _functions)
        {
            if (function == name)
            {
                return _result.GetLabelRIP(label);
            }
        }

        throw new KeyNotFoundException($"the guest has no function or variable '{name}'");
    }

    /// <summary>The finished image, which starts at a function.</summary>
    /// <exception cref="InvalidOperationException">The code does not assemble.</exception>
    /// <exception cref="KeyNotFoundException">There is no function of that name.</exception>
    public byte[] ToElf(string entry)
    {
        Assemble();
        ElfImageBuilder elf = new();
        elf.AddSegment(".text", _codeAddress, _assembled!, (ulong)_assembled!.Length, executable: true);
        if (_data.Count > 0)
        {
            // Zeros at the end need not be in the file.
            byte[] filled = _data.GetRange(0, _data.FindLastIndex(value => value != 0) + 1).ToArray();
            elf.AddSegment(".data", _dataAddress, filled, (ulong)_data.Count, executable: false);
        }

        foreach ((string name, ulong address, byte[] bytes) in _sections)
        {
            elf.AddSegment(name, address, bytes, (ulong)bytes.Length, executable: true);
        }

        ulong end = _codeAddress + (ulong)_assembled.Length;
        for (int i = _functions.Count - 1; i >= 0; i--)
        {
            ulong address = _result.GetLabelRIP(_functions[i].Label);
            elf.AddSymbol(_functions[i].Name, address, end - address, function: true);
            end = address;
        }

        foreach ((string name, ulong address, int size) in _variables)
        {
            elf.AddSymbol(name, address, (ulong)size, function: false);
        }

        return elf.Build(AddressOf(entry));
    }
}
