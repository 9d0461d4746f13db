using System.IO.Pipelines;
using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Binding.Capabilities;
using KgdbSim.Stub.Binding.Kernel;
using KgdbSim.Stub.Session;
using KgdbSim.Stub.Transport;
using KgdbSim.Target.Embedding;

namespace KgdbSim.Stub.Embedding;

/// <summary>
/// Serves a machine of this process to gdb, on a socket or on a pipe in memory. While it does, the machine is run by a
/// thread of the endpoint's and must not be touched; after <see cref="Dispose"/> it stands and is the caller's again.
/// </summary>
public sealed class GdbEndpoint : IDisposable
{
    private readonly IConnectionSource _source;
    private readonly Thread _thread;
    private readonly IDebugTarget _target;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GdbEndpoint(IDebugTarget target, IThreads? threads, IConnectionSource source, string address, int port, bool once)
    {
        _target = target;
        _source = source;
        Address = address;
        Port = port;
        MachineHost host = new(new MachineControl(target, threads), source, new ServeOptions { Once = once });
        _thread = new Thread(() => Serve(host)) { IsBackground = true, Name = "kgdbsim endpoint" };
        _thread.Start();
    }

    /// <summary>Where gdb connects, <c>127.0.0.1:1234</c> or <c>unix:/path</c>; empty for a pipe in memory.</summary>
    public string Address { get; }

    /// <summary>The TCP port, else 0.</summary>
    public int Port { get; }

    /// <summary>Ends when serving has ended; fails if the simulator did.</summary>
    public Task Completion => _ended.Task;

    /// <summary>Ends serving: the connection is cut, and the machine stands where it is.</summary>
    public void Dispose()
    {
        _source.Dispose();
        if (Thread.CurrentThread != _thread)
        {
            _thread.Join();
        }

        (_target as IDisposable)?.Dispose();
    }

    /// <summary>Serves a simulation on a TCP port or a Unix socket.</summary>
    /// <param name="simulation">The machine, which stands.</param>
    /// <param name="address"><c>HOST:PORT</c>, port 0 for any free one, or <c>unix:PATH</c>.</param>
    /// <param name="threads">What gdb sees as threads.</param>
    /// <exception cref="ListenException">The address is none, or cannot be listened on.</exception>
    /// <exception cref="ArgumentException">Tasks are asked for of a simulation without a kernel.</exception>
    public static GdbEndpoint Listen(Simulation simulation, string address, GdbThreads threads = GdbThreads.Cpus)
    {
        IDebugTarget target = Over(simulation);
        return Listen(target, address, ThreadsOf(target, threads));
    }

    /// <summary>Serves a simulation to one debugger that is in this process.</summary>
    /// <param name="simulation">The machine, which stands.</param>
    /// <param name="debugger">The debugger's end; completing its output ends the session.</param>
    /// <param name="threads">What gdb sees as threads.</param>
    /// <exception cref="ArgumentException">Tasks are asked for of a simulation without a kernel.</exception>
    public static GdbEndpoint Attach(Simulation simulation, out IDuplexPipe debugger, GdbThreads threads = GdbThreads.Cpus)
    {
        IDebugTarget target = Over(simulation);
        return Attach(target, out debugger, ThreadsOf(target, threads));
    }

    /// <summary>Serves on a socket.</summary>
    /// <exception cref="ListenException">The address is none, or cannot be listened on.</exception>
    internal static GdbEndpoint Listen(IDebugTarget target, string address, IThreads? threads = null)
    {
        ListenAddress where = ListenAddress.Parse(address, out string complaint) ?? throw new ListenException(complaint);
        if (where.Kind == ListenKind.Stdio)
        {
            throw new ListenException("standard input belongs to the process; only a program of its own can be served there");
        }

        GdbListener listener = GdbListener.Bind(where);
        return new GdbEndpoint(target, threads, new Reception(listener), listener.Address, listener.Port, once: false);
    }

    /// <summary>Serves one debugger that is in this process.</summary>
    /// <param name="target">The machine.</param>
    /// <param name="debugger">The debugger's end; completing its output ends the session.</param>
    /// <param name="threads">What gdb sees as threads; null: CPUs.</param>
    internal static GdbEndpoint Attach(IDebugTarget target, out IDuplexPipe debugger, IThreads? threads = null)
    {
        (IDuplexPipe ours, debugger) = InMemoryDuplex.CreatePair();
        Connection connection = new(ours, "a pipe in memory", ours.Input.CancelPendingRead, () => ours.Output.Complete());
        return new GdbEndpoint(target, threads, new SingleConnection(connection), "", 0, once: true);
    }

    private static IDebugTarget Over(Simulation simulation)
    {
        ArgumentNullException.ThrowIfNull(simulation);
        return simulation.Kernel is null ? SimulatorTarget.Over(simulation) : KgdbTarget.Over(simulation);
    }

    private static TaskThreads? ThreadsOf(IDebugTarget target, GdbThreads threads)
    {
        if (threads != GdbThreads.Tasks)
        {
            return null;
        }

        return target.Kernel is null
            ? throw new ArgumentException("a simulation without a kernel has no tasks", nameof(threads))
            : new TaskThreads(target);
    }

    private void Serve(MachineHost host)
    {
        try
        {
            host.Run();
            _ended.SetResult();
        }
        catch (Exception bug)
        {
            // It must not end the process that embeds us; who awaits the completion sees it.
            _source.Dispose();
            _ended.SetException(bug);
        }
    }
}
