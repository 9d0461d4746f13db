using System.CommandLine;
using System.CommandLine.Parsing;
using KgdbSim.Cli.Exploring;
using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Binding.Kernel;
using KgdbSim.Target.Embedding;
using KgdbSim.Target.Kernel.Hosting;
using KgdbSim.Target.Kernel.Scenarios;
using KgdbSim.Target.Kernel.Traps;
using KgdbSim.Target.Loading;
using KgdbSim.Target.Machine;
using KgdbSim.Target.Memory;

namespace KgdbSim.Cli;

/// <summary>The arguments that describe the machine and its guest, common to all commands that run one.</summary>
internal sealed class MachineArguments
{
    /// <summary>Under which name debuggers know the built-in guest; there is no such file.</summary>
    private const string BuiltInPath = "/kgdbsim/built-in-guest.elf";

    private static readonly ByteSize Least = new(MachineOptions.MemoryMin);

    private static readonly ByteSize Most = new(PhysicalMemory.SizeMax);

    private const string BareMetal = "none";

    private const string DefaultKernel = "6.1";

    /// <summary>A modelled kernel keeps sets of CPUs in 64 bits.</summary>
    private const int KernelCpusMax = 64;

    private static readonly string[] Kernels = [.. SimulationOptions.KernelNames];

    private readonly Argument<FileInfo?> _image = new("IMAGE.elf")
    {
        Description = "The guest: ELF64 for x86-64, ET_EXEC or static-pie. Without one, a built-in guest runs.",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = ParseImage,
    };

    private readonly Option<int> _cpus = new("--cpus")
    {
        Description = $"How many CPUs, 1 to {MachineOptions.CpuCountMax}.",
        HelpName = "N",
        DefaultValueFactory = _ => new SimulationOptions().CpuCount,
        CustomParser = OptionParsers.Number(1, MachineOptions.CpuCountMax),
    };

    private readonly Option<ByteSize> _memory = new("--memory")
    {
        Description = "How much RAM, such as 64M or 1G.",
        HelpName = "SIZE",
        DefaultValueFactory = _ => new ByteSize(new SimulationOptions().MemoryBytes),
        CustomParser = ParseSize,
    };

    private readonly Option<string?> _kernel = new("--kernel")
    {
        Description = "Whose the traps are: 'none' is bare metal, the guest's own IDT; else a modelled Linux with kgdb inside, "
            + $"one of {string.Join(", ", Kernels.Where(static kernel => kernel != BareMetal))}. Default: {DefaultKernel}; "
            + $"beyond its {KernelCpusMax} CPUs, none.",
        HelpName = "V",
        CustomParser = OptionParsers.OneOf(Kernels),
    };

    private readonly Option<bool> _lockdep = new("--lockdep")
    {
        Description = "Let lockdep watch the modelled kernel's locks; 'monitor lockdep' shows what it knows.",
    };

    private readonly Option<string?> _asPosted = new("--as-posted")
    {
        Description = "Defects that the modelled kernel is to have all the same, by scenario (HB-07, KG-01) or difference (KD-06); "
            + "'kgdbsim scenarios' lists which kernel can have which.",
        HelpName = "ID,...",
    };

    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "What all choices of the scheduler follow from: the same seed, the same run.",
        HelpName = "S",
        DefaultValueFactory = _ => new SimulationOptions().Seed,
        CustomParser = OptionParsers.Number64,
    };

    private readonly Option<string> _start = new("--start")
    {
        Description = "'sipi': CPU 0 starts, the others wait for INIT-SIPI-SIPI; 'all': all start at the entry point, RDI = CPU.",
        HelpName = "sipi|all",
        DefaultValueFactory = _ => "sipi",
        CustomParser = OptionParsers.OneOf("sipi", "all"),
    };

    private readonly Option<string> _boot = new("--boot")
    {
        Description = "How the guest is entered: 'elf64' at e_entry in 64-bit mode; 'pvh' and 'multiboot' in 32-bit mode.",
        HelpName = "elf64|pvh|multiboot",
        DefaultValueFactory = _ => "elf64",
        CustomParser = OptionParsers.OneOf("elf64", "pvh", "multiboot"),
    };

    private readonly Option<string> _cpu = new("--cpu")
    {
        Description = $"The processor model: vendor and features. One of: {string.Join(", ", SimulationOptions.CpuNames)}.",
        HelpName = "NAME",
        DefaultValueFactory = _ => new SimulationOptions().Cpu,
        CustomParser = OptionParsers.OneOf([.. SimulationOptions.CpuNames]),
    };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(_image);
        foreach (Option option in (Option[])[_cpus, _memory, _kernel, _asPosted, _lockdep, _cpu, _seed, _start, _boot])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Builds the machine and loads the guest.</summary>
    /// <exception cref="UsageException">The guest cannot be read or loaded.</exception>
    public IOwnedTarget Build(ParseResult parsed)
    {
        SimulationOptions options = Options(parsed);
        FileInfo? image = parsed.GetValue(_image);
        string path = image?.FullName ?? BuiltInPath;
        return Load<IOwnedTarget>(parsed, bytes => options.Kernel == BareMetal
            ? SimulatorTarget.Create(path, bytes, options)
            : KgdbTarget.Create(path, bytes, options));
    }

    /// <summary>Builds the machine without a debugger in its kernel, and loads the guest.</summary>
    /// <exception cref="UsageException">The guest cannot be read or loaded, or a kernel was asked for that has no faithful kgdb.</exception>
    public Simulation BuildFaithful(ParseResult parsed)
    {
        SimulationOptions options = Options(parsed);
        if (options.Kernel is not (BareMetal or DefaultKernel))
        {
            throw new UsageException($"--faithful is Linux 6.1's kgdb, not {options.Kernel}'s");
        }

        return Load(parsed, bytes =>
        {
            Simulation simulation = new(options with { Kernel = BareMetal });
            try
            {
                simulation.Load(bytes);
                return simulation;
            }
            catch (ElfFormatException)
            {
                simulation.Dispose();
                throw;
            }
        });
    }

    private SimulationOptions Options(ParseResult parsed) => new()
    {
        CpuCount = parsed.GetValue(_cpus),
        MemoryBytes = parsed.GetValue(_memory).Bytes,
        Seed = parsed.GetValue(_seed),
        Kernel = ChooseKernel(parsed),
        AsPosted = ChooseDefects(parsed),
        Lockdep = parsed.GetValue(_lockdep),
        StartAll = parsed.GetValue(_start) == "all",
        Cpu = parsed.GetValue(_cpu)!,
        Boot = parsed.GetValue(_boot) switch
        {
            "pvh" => BootProtocol.Pvh,
            "multiboot" => BootProtocol.Multiboot,
            _ => BootProtocol.Elf64,
        },
    };

    private T Load<T>(ParseResult parsed, Func<byte[], T> build)
    {
        FileInfo? image = parsed.GetValue(_image);
        try
        {
            return build(image is null ? BuiltInGuest.Build(parsed.GetValue(_start) == "all") : File.ReadAllBytes(image.FullName));
        }
        catch (ElfFormatException unfit)
        {
            throw new UsageException($"{image?.ToString() ?? "the built-in guest"}: {unfit.Message}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"cannot read {image}: {failure.Message}");
        }
    }

    private string ChooseKernel(ParseResult parsed)
    {
        bool isTooMany = parsed.GetValue(_cpus) > KernelCpusMax;
        string kernel = parsed.GetValue(_kernel) ?? (isTooMany ? BareMetal : DefaultKernel);
        return kernel == BareMetal || !isTooMany
            ? kernel
            : throw new UsageException($"--kernel {kernel} has at most {KernelCpusMax} CPUs; more take --kernel {BareMetal}");
    }

    private string[] ChooseDefects(ParseResult parsed)
    {
        string[] ids = parsed.GetValue(_asPosted)?.ToUpperInvariant().Split(',', StringSplitOptions.TrimEntries) ?? [];
        KernelVersion? kernel = KernelVersions.Find(ChooseKernel(parsed));
        foreach (string id in ids)
        {
            if (NamedDefects.WhyNot(kernel, id) is { } reason)
            {
                string near = SimulationOptions.DefectNames.Contains(id) || new ScenarioCatalogue().Find(id) is not null ? ""
                    : $"; near it: {string.Join(", ", NearestNames.Of(id, SimulationOptions.DefectNames))}";
                throw new UsageException($"--as-posted {id}: {reason}{near}");
            }
        }

        return ids;
    }

    private static FileInfo? ParseImage(ArgumentResult result)
    {
        string text = OptionParsers.Text(result);
        if (text.StartsWith('-'))
        {
            // What the parser does not know as an option, it takes for the image.
            result.AddError($"there is no option {text}");
            return null;
        }

        return new FileInfo(text);
    }

    private static ByteSize ParseSize(ArgumentResult result)
    {
        string text = OptionParsers.Text(result);
        if (!ByteSize.TryParse(text, out ByteSize size))
        {
            result.AddError($"--memory {text}: it is a number, with K, M or G behind it if wanted");
        }
        else if (size.Bytes < Least.Bytes || size.Bytes > Most.Bytes || size.Bytes % PhysicalPage.Size != 0)
        {
            result.AddError($"--memory {text}: it is {Least} to {Most}, in whole pages of {PhysicalPage.Size} bytes");
        }

        return size;
    }
}
