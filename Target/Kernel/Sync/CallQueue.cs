using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Sync;

/// <summary>
/// Function calls that other CPUs have sent to one CPU: a queue, and the IPI whose handler empties it in order
/// (kernel/smp.c: call_single_queue, flush_smp_call_function_queue).
/// </summary>
internal sealed class CallQueue
{
    private readonly Queue<CrossCallRequest> _requests = new();

    public CallQueue(KernelCpu cpu)
    {
        Length = cpu.Kernel.World.Cell(CpuNames.Calls(cpu.Number), 0);
        Ipi = cpu.Kernel.AddInterrupt(CpuNames.Ipi(cpu.Number), cpu.Number, ContextKind.Hardirq, 0, Handle);
    }

    /// <summary>How many requests wait.</summary>
    public SharedCell<int> Length { get; }

    public InterruptSource Ipi { get; }

    /// <summary>Queues a request and sends the IPI, as one step.</summary>
    public Step<CallEnqueue, Nothing> Enqueue(KernelContext by, CrossCallRequest request) => new(by, new CallEnqueue(this, request));

    /// <summary>Part of a step.</summary>
    public void Add(CrossCallRequest request)
    {
        _requests.Enqueue(request);
        Length.Commit(Length.Value + 1);
        Ipi.Pending.Commit(1);
    }

    /// <summary>Part of a step.</summary>
    public CrossCallRequest? Take()
    {
        int length = Length.Value;
        Length.Commit(Math.Max(0, length - 1));
        return length == 0 ? null : _requests.Dequeue();
    }

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Handle(KernelContext c)
    {
        while (await new Step<CallDequeue, CrossCallRequest?>(c, new CallDequeue(this)) is { } request)
        {
            if (!request.IsAwaited)
            {
                // An unwaited request's slot is free before its function runs (csd_unlock, then func).
                await request.Done.Write(c, true);
                await request.Function(c);
            }
            else
            {
                await request.Function(c);
                await request.Done.Write(c, true);
            }
        }
    }
}

/// <summary>One CPU's part of a cross call.</summary>
/// <param name="Function">Runs there in hardirq context.</param>
/// <param name="IsAwaited">Whether the sender waits until it has run.</param>
/// <param name="Done">CSD_FLAG_LOCK, inverted.</param>
internal sealed record CrossCallRequest(Func<KernelContext, ValueTask> Function, bool IsAwaited, SharedCell<bool> Done);

/// <summary>Queues a request and makes the IPI pending.</summary>
internal readonly struct CallEnqueue(CallQueue queue, CrossCallRequest request) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    /// <summary>llist_add is LOCKed: earlier stores are visible before the IPI is sent.</summary>
    public void Announce(StepContext context) => context.Buffer?.AnnounceDrain(context);

    public Nothing Execute(StepContext context)
    {
        queue.Add(request);
        context.World.Trace?.Note("send IPI", queue.Length, queue.Ipi.Name);
        return default;
    }
}

/// <summary>Takes the oldest request; null if there is none.</summary>
internal readonly struct CallDequeue(CallQueue queue) : IAtomicOperation<CrossCallRequest?>
{
    static StepNature IAtomicOperation<CrossCallRequest?>.Nature => StepNature.Plain;

    public bool IsReady(StepContext context) => true;

    public void Announce(StepContext context) => context.Buffer?.AnnounceDrain(context);

    public CrossCallRequest? Execute(StepContext context)
    {
        return queue.Take();
    }
}
