using System.Text;
using KgdbSim.Target.Cpu.Decode;
using KgdbSim.Target.Cpu.Execute;

namespace KgdbSim.Target.Vectors;

/// <summary>
/// Runs vectors one after the other, each stepped and threaded, and writes every mismatch to a <see cref="TextWriter"/>.
/// Records of debug exceptions are recognised line by line and run by <see cref="DebugVectorRunner"/>.
/// </summary>
internal sealed class VectorRunner : IDisposable
{
    private readonly VectorMachine _machine;
    private readonly VectorStep _step;
    private readonly InstructionTable _instructions;
    private readonly VectorOptions _options;
    private readonly TextWriter _output;
    private readonly StringBuilder _stepped = new();
    private readonly StringBuilder _threaded = new();
    private DebugVectorRunner? _debug;
    private KernelProbeRunner? _probes;
    private long _run;
    private int _printed;

    public VectorRunner(InstructionTable instructions, VectorOptions options, TextWriter output)
    {
        _instructions = instructions;
        _machine = new VectorMachine(instructions);
        _step = new VectorStep(_machine);
        _options = options;
        _output = output;
    }

    public VectorTally Tally { get; } = new();

    /// <summary>Vectors that the options have taken so far.</summary>
    public long Count => _run;

    /// <summary>Runs what the options take of one file.</summary>
    /// <exception cref="InvalidDataException">A line is not a vector.</exception>
    public void RunAll(VectorReader reader)
    {
        var record = new VectorRecord();
        while (_run < _options.Limit && reader.NextLine())
        {
            if (reader.ParseDebug() is { } debug)
            {
                RunDebug(debug);
                continue;
            }

            if (reader.ParseProbe() is { } probe)
            {
                RunProbe(probe);
                continue;
            }

            reader.Parse(record);
            if (_options.Takes(record.Name, record.Tag))
            {
                _run++;
                Tally.Add(record.Name, record.Tag, Run(record));
            }
        }
    }

    /// <summary>Runs one vector by both engines; false if either differs from the record.</summary>
    public bool Run(VectorRecord record)
    {
        _stepped.Clear();
        _threaded.Clear();
        _machine.Load(record);
        bool stepped = Judge(record, VectorEngine.Stepped, _stepped);
        bool threaded = true;
        if (VectorStep.CanThread(record))
        {
            _machine.Reload(record);
            threaded = Judge(record, VectorEngine.Threaded, _threaded);
        }

        if (!stepped || !threaded)
        {
            Print(record);
        }

        return stepped && threaded;
    }

    public void Dispose()
    {
        _machine.Dispose();
        _debug?.Dispose();
        _probes?.Dispose();
    }

    private void RunProbe(KernelProbe probe)
    {
        const string Family = "kernel";
        if (probe.Body == null)
        {
            _output.WriteLine($"probe {probe.Name} needs a second processor: it is among the tests of the machine");
            return;
        }

        string? tag = probe.Binding ? null : probe.Verdict;
        if (!_options.Takes(Family, tag))
        {
            return;
        }

        _run++;
        _probes ??= new KernelProbeRunner(_instructions);
        string? mismatch = _probes.Run(probe);
        Tally.Add(Family, tag, mismatch == null);
        if (mismatch != null && _printed++ < _options.MismatchesMax)
        {
            _output.Write(mismatch);
        }
    }

    private void RunDebug(DebugVectorRecord record)
    {
        if (!_options.Takes(record.Family, record.Tag))
        {
            return;
        }

        _run++;
        _debug ??= new DebugVectorRunner(_instructions);
        string? mismatch = _debug.Run(record);
        Tally.Add(record.Family, record.Tag, mismatch == null);
        if (mismatch != null && _printed++ < _options.MismatchesMax)
        {
            _output.Write(mismatch);
        }
    }

    private bool Judge(VectorRecord record, VectorEngine engine, StringBuilder report)
    {
        VectorEnd end = _step.Run(engine, record.NextFetch);
        return VectorComparer.Compare(record, _machine, end, report);
    }

    private void Print(VectorRecord record)
    {
        if (_printed++ >= _options.MismatchesMax)
        {
            return;
        }

        string text = InstructionDecoder.Disassemble(record.Bytes, record.Before.Rip, 64);
        string tag = record.Tag == null ? "" : $" [{record.Tag}]";
        _output.WriteLine($"vector {record.Id} {record.Name}{tag}: {text}   ({Convert.ToHexStringLower(record.Bytes)} at {record.Before.Rip:x})");
        if (_stepped.Equals(_threaded) || _threaded.Length == 0)
        {
            _output.Write(_stepped);
        }
        else
        {
            if (_stepped.Length != 0)
            {
                _output.Write($"  stepped:\n{_stepped}");
            }

            _output.Write($"  threaded{(_stepped.Length == 0 ? " only: the engines diverge" : "")}:\n{_threaded}");
        }
    }
}
