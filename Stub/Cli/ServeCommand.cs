using System.CommandLine;
using System.Runtime.InteropServices;
using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Binding.Kernel;
using KgdbSim.Stub.Kgdb.Serving;
using KgdbSim.Stub.Session;
using KgdbSim.Stub.Transport;
using KgdbSim.Target.Embedding;

namespace KgdbSim.Cli;

/// <summary><c>kgdbsim serve</c>: a machine that debuggers connect to.</summary>
internal sealed class ServeCommand : ICliCommand
{
    private const string Cpus = "cpus";

    private const string Tasks = "tasks";

    private readonly MachineArguments _machine = new();

    private readonly Option<string> _listen = new("--listen")
    {
        Description = "Where debuggers connect; port 0 is any free one.",
        HelpName = "HOST:PORT|unix:PATH|stdio",
        DefaultValueFactory = _ => "127.0.0.1:1234",
    };

    private readonly Option<bool> _run = new("--run")
    {
        Description = "Let the guest run at once; else it is held at reset until a debugger resumes it.",
    };

    private readonly Option<bool> _once = new("--once")
    {
        Description = "End when the first debugger leaves.",
    };

    private readonly Option<string?> _trace = new("--trace")
    {
        Description = "Write every packet to this file, a line each; to FILE.json, as Perfetto reads it, with the modelled kernel's traps, "
            + "debugger sessions, NMI roundups and changes of DR7.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _allowRemote = new("--allow-remote")
    {
        Description = "Accept debuggers from other hosts. Whoever connects controls the guest.",
    };

    private readonly Option<string> _console = new("--console")
    {
        Description = "Who shows what the guest prints: standard output, gdb while it waits for a stop, or nobody.",
        HelpName = "stdout|gdb|none",
        DefaultValueFactory = _ => "stdout",
        CustomParser = OptionParsers.OneOf("stdout", "gdb", "none"),
    };

    private readonly Option<bool> _faithful = new("--faithful")
    {
        Description = "Be Linux 6.1's kgdb on a serial line, to the byte and with its defects, instead of a debugger without lies.",
    };

    private readonly Option<string?> _threads = new("--threads")
    {
        Description = "What gdb's threads are: the CPUs, or the modelled kernel's tasks and a shadow thread for each CPU, as kgdb has them. "
            + $"Default: {Cpus}; with --faithful, {Tasks}.",
        HelpName = $"{Cpus}|{Tasks}",
        CustomParser = OptionParsers.OneOf(Cpus, Tasks),
    };

    private readonly Option<bool> _kdb = new("--kdb")
    {
        Description = "With --faithful: a kernel built with kdb, whose prompt comes first (send a packet, or type kgdb) and answers monitor.",
    };

    /// <inheritdoc/>
    public Command Build()
    {
        Command command = new("serve", "Run a machine that gdb connects to.");
        _machine.AddTo(command);
        foreach (Option option in (Option[])[_listen, _run, _once, _trace, _allowRemote, _console, _threads, _faithful, _kdb])
        {
            command.Options.Add(option);
        }

        command.SetAction(Serve);
        return command;
    }

    private int Serve(ParseResult parsed)
    {
        ListenAddress address = Listening.Parse(parsed.GetValue(_listen)!, parsed.GetValue(_allowRemote));
        if (parsed.GetValue(_faithful))
        {
            return ServeFaithful(parsed, address);
        }

        if (parsed.GetValue(_kdb))
        {
            throw new UsageException("--kdb goes with --faithful");
        }

        using IOwnedTarget target = _machine.Build(parsed);
        using ITraceFile? trace = OpenTrace(parsed.GetValue(_trace), file => new MachineTraceFile(file, target));
        MachineControl control = new(target, ThreadsOf(parsed, target));
        if (parsed.GetValue(_run))
        {
            control.Release();
        }

        Over(parsed, address, options => options with { ConsoleInGdb = parsed.GetValue(_console) == "gdb", Trace = trace },
            (source, options) => new MachineHost(control, source, options).Run());
        return ExitCode.Fine;
    }

    private TaskThreads? ThreadsOf(ParseResult parsed, IDebugTarget target) =>
        parsed.GetValue(_threads) != Tasks ? null
        : target.Kernel is null ? throw new UsageException($"--threads {Tasks} is about a modelled kernel's tasks; --kernel none has none")
        : new TaskThreads(target);

    private int ServeFaithful(ParseResult parsed, ListenAddress address)
    {
        if (parsed.GetValue(_threads) == Cpus)
        {
            throw new UsageException($"--threads {Cpus}: --faithful is Linux 6.1's kgdb, whose threads are tasks");
        }

        using Simulation simulation = _machine.BuildFaithful(parsed);
        var machine = new FaithfulMachine(simulation, stops: !parsed.GetValue(_run), hasKdb: parsed.GetValue(_kdb));
        using ITraceFile? trace = OpenTrace(
            parsed.GetValue(_trace),
            file => new MachineTraceFile(file, simulation.CpuCount, () => simulation.Machine.Steps, machine.Record));
        if (trace is not null)
        {
            machine.Tell(trace);
        }

        Over(parsed, address, options => options with { Trace = trace },
            (source, options) => new FaithfulServer(machine, source, options).Run());
        return ExitCode.Fine;
    }

    /// <summary>Opens the address, says so, and lets <paramref name="serve"/> serve until a signal ends it.</summary>
    private void Over(
        ParseResult parsed, ListenAddress address, Func<ServeOptions, ServeOptions> more, Action<IConnectionSource, ServeOptions> serve)
    {
        // Over standard output goes the protocol then, and nothing else may.
        bool overStdio = address.Kind == ListenKind.Stdio;
        Stream output = overStdio ? Console.OpenStandardError() : Console.OpenStandardOutput();
        using IConnectionSource source = Listening.Open(address, out string where);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        Listening.Announce(where, overStdio ? Console.Error : Console.Out);
        serve(source, more(new ServeOptions
        {
            Once = parsed.GetValue(_once) || overStdio,
            Console = parsed.GetValue(_console) == "none" ? null : GuestOutput.To(output),
        }));

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            source.Dispose();
        }
    }

    private static ITraceFile? OpenTrace(string? path, Func<Stream, ITraceFile> machineTrace)
    {
        try
        {
            return path is null ? null
                : path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? machineTrace(File.Create(path))
                : new WireLog(new StreamWriter(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"cannot write {path}: {failure.Message}");
        }
    }
}
