using System.CommandLine;
using System.Runtime.InteropServices;
using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Session;
using KgdbSim.Stub.Transport;

namespace KgdbSim.Cli;

/// <summary><c>kgdbsim run</c>: a guest without a debugger.</summary>
internal sealed class RunCommand : ICliCommand
{
    private readonly MachineArguments _machine = new();

    /// <inheritdoc/>
    public Command Build()
    {
        Command command = new("run", "Run a guest alone: its console on standard output, its exit code as ours.");
        _machine.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        using IOwnedTarget target = _machine.Build(parsed);
        MachineControl control = new(target);
        control.Release();
        SliceRunner runner = new(control, GuestOutput.To(Console.OpenStandardOutput()), TimeProvider.System);
        bool interrupted = false;
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        while (control is { Phase: MachinePhase.Running, IsIdle: false } && !Volatile.Read(ref interrupted))
        {
            runner.Run(null);
        }

        if (interrupted)
        {
            return ExitCode.Interrupted;
        }

        return control.Phase == MachinePhase.Exited ? control.ExitCode : Explain(control);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            Volatile.Write(ref interrupted, true);
        }
    }

    /// <summary>The guest did not end and will not: why.</summary>
    private static int Explain(MachineControl control)
    {
        if (control.Ledger.TryTakeOldest(out StopEvent stop) && stop.Kind == StopKind.Shutdown)
        {
            ulong rip = InstructionPointer.Of(control.Target, stop.Cpu);
            Console.Error.WriteLine($"kgdbsim: CPU#{stop.Cpu} shut down by a triple fault at rip 0x{rip:x}");
        }
        else
        {
            Console.Error.WriteLine("kgdbsim: every CPU is halted and nothing can wake one");
        }

        return ExitCode.NotSo;
    }
}
