using System.Buffers.Binary;
using System.Globalization;
using KgdbSim.Protocol.TargetDescription;
using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Binding.Capabilities;
using KgdbSim.Target.Memory;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Cli.Exploring;

/// <summary>
/// A replayed run, held at its violation, as a debugger sees it: the threads are the CPUs of the scenario, each with the line of
/// kernel code it is at. The modelled kernel runs no instructions: debug registers are those of the scenario, where it has them,
/// all others read as zero; there is no memory, and who resumes it stops at once where it stands.
/// </summary>
internal sealed class ReplayTarget : IDebugTarget, ICpuLabels
{
    private const string NoSteps = "took no step";

    private readonly string[] _names;
    private readonly string[] _details;
    private readonly Dictionary<string, ulong>[] _debugRegisters;

    /// <summary>Holds the run of an incident.</summary>
    public ReplayTarget(Incident incident)
    {
        StepRecord[] steps = [.. incident.Steps.Where(step => step.Step >= 0)];
        Lanes lanes = new(steps);
        _names = lanes.All.Count == 0 ? ["CPU 0"] : [.. lanes.All.Select(lane => lane.Title)];
        _details = [.. _names.Select(_ => NoSteps)];
        _debugRegisters = [.. _names.Select((_, i) => DebugRegistersOf(incident, i < lanes.All.Count ? lanes.All[i].Cpu : 0))];
        foreach (StepRecord step in steps)
        {
            string line = step.Line is null ? "" : $"{step.Line}  ";
            string fatal = incident.Violation is not null && step.Step == incident.FatalStep ? ", then the violation" : "";
            _details[lanes.IndexOf(step)] = $"{line}[step {step.Step}: {StepWords.Deed(step)}{fatal}]";
        }

        StepRecord? last = Array.FindLast(steps, step => step.Step == incident.FatalStep);
        FocusCpu = last is null ? 0 : lanes.IndexOf(last);
    }

    /// <summary>The CPU that took the fatal step.</summary>
    public int FocusCpu { get; }

    /// <inheritdoc/>
    public int CpuCount => _names.Length;

    /// <inheritdoc/>
    public RegisterSet Registers { get; } = X64Registers.Create(avx: false, linux: false);

    /// <inheritdoc/>
    public IBreakpoints? Breakpoints => null;

    /// <inheritdoc/>
    public IWatchpoints? Watchpoints => null;

    /// <inheritdoc/>
    public IGuestImage? Image => null;

    /// <inheritdoc/>
    public IRestart? Restart => null;

    /// <inheritdoc/>
    public IMemoryMap? MemoryMap => null;

    /// <inheritdoc/>
    public IGuestConsole? Console => null;

    /// <inheritdoc/>
    public IMachineFacts? Facts => null;

    /// <inheritdoc/>
    public ICpuLabels Labels => this;

    /// <inheritdoc/>
    public string NameOf(int cpu) => _names[cpu];

    /// <inheritdoc/>
    public string DetailOf(int cpu) => _details[cpu];

    /// <inheritdoc/>
    public CpuActivity ActivityOf(int cpu) => CpuActivity.Running;

    /// <inheritdoc/>
    public int ReadRegister(int cpu, int number, Span<byte> destination)
    {
        if ((uint)number >= (uint)Registers.All.Length)
        {
            return 0;
        }

        RegisterDescription register = Registers.All[number];
        destination[..register.Size].Clear();
        if (_debugRegisters[cpu].TryGetValue(register.Name, out ulong value))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(destination, value);
        }

        return register.Size;
    }

    /// <inheritdoc/>
    public RegisterWriteResult WriteRegister(int cpu, int number, ReadOnlySpan<byte> value) =>
        (uint)number < (uint)Registers.All.Length ? RegisterWriteResult.Refused : RegisterWriteResult.NoSuchRegister;

    /// <inheritdoc/>
    public int ReadMemory(int cpu, ulong address, Span<byte> destination) => 0;

    /// <inheritdoc/>
    public bool WriteMemory(int cpu, ulong address, ReadOnlySpan<byte> source) => false;

    /// <inheritdoc/>
    public LinearRegion? FindRegion(int cpu, ulong address) => null;

    /// <inheritdoc/>
    public RunResult Run(ResumePlan plan, long maxSteps, List<StopEvent> stops)
    {
        stops.Add(new StopEvent(FocusCpu, StopKind.StepDone, 0));
        return new RunResult(RunEnd.Stopped);
    }

    /// <inheritdoc/>
    public void RequestHalt()
    {
        // It stands whenever it is asked to run.
    }

    /// <summary>The cells that models name after a CPU's debug registers: "C1.DR7".</summary>
    private static Dictionary<string, ulong> DebugRegistersOf(Incident incident, int cpu)
    {
        Dictionary<string, ulong> registers = [];
        string start = $"C{cpu}.DR";
        foreach ((string name, string text) in incident.Contents)
        {
            bool hexadecimal = text.StartsWith("0x", StringComparison.Ordinal);
            NumberStyles style = hexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
            if (name.Length == start.Length + 1 && name.StartsWith(start, StringComparison.Ordinal)
                && ulong.TryParse(hexadecimal ? text.AsSpan(2) : text, style, CultureInfo.InvariantCulture, out ulong value))
            {
                registers[$"dr{name[^1]}"] = value;
            }
        }

        return registers;
    }
}
