using KgdbSim.Protocol.TargetDescription;
using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Binding.Capabilities;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Cli.Exploring;

/// <summary>
/// A replayed run, held at its violation, as a debugger sees it: the threads are the CPUs of the scenario, each with the line of
/// kernel code it is at. The modelled kernel runs no instructions: registers read as zero, there is no memory, and who resumes
/// it stops at once where it stands.
/// </summary>
internal sealed class ReplayTarget : IDebugTarget, ICpuLabels
{
    private const string NoSteps = "took no step";

    private readonly string[] _names;
    private readonly string[] _details;

    /// <summary>Holds the run of an incident.</summary>
    public ReplayTarget(Incident incident)
    {
        StepRecord[] steps = [.. incident.Steps.Where(step => step.Step >= 0)];
        Lanes lanes = new(steps);
        _names = lanes.All.Count == 0 ? ["CPU 0"] : [.. lanes.All.Select(lane => lane.Title)];
        _details = [.. _names.Select(_ => NoSteps)];
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

        int size = Registers.All[number].Size;
        destination[..size].Clear();
        return size;
    }

    /// <inheritdoc/>
    public RegisterWriteResult WriteRegister(int cpu, int number, ReadOnlySpan<byte> value) =>
        (uint)number < (uint)Registers.All.Length ? RegisterWriteResult.Refused : RegisterWriteResult.NoSuchRegister;

    /// <inheritdoc/>
    public int ReadMemory(int cpu, ulong address, Span<byte> destination) => 0;

    /// <inheritdoc/>
    public bool WriteMemory(int cpu, ulong address, ReadOnlySpan<byte> source) => false;

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
}
