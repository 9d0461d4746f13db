using System.Runtime.CompilerServices;
using KgdbSim.Target.Kernel.Core;
using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Sync;

/// <summary>
/// A sleeping lock with many readers or one writer; as a writer only, a mutex (kernel/locking/rwsem.c, percpu-rwsem.c, mutex.c).
/// A waiter gives its CPU away only where a scheduler divides it; alone on a CPU it keeps it, so nothing inside may wait for
/// a grace period.
/// </summary>
internal sealed class RwSemaphore
{
    private const int HeldByWriter = -1;

    public RwSemaphore(KernelModel kernel, string name)
    {
        Name = name;
        State = kernel.World.Cell(name, 0);
    }

    public string Name { get; }

    /// <summary>-1: a writer holds it; n: so many readers do.</summary>
    public SharedCell<int> State { get; }

    /// <summary>down_read().</summary>
    public ValueTask DownRead(KernelContext c) => Down(c, false);

    /// <summary>down_write(), mutex_lock().</summary>
    public ValueTask DownWrite(KernelContext c) => Down(c, true);

    /// <summary>down_write_trylock(), mutex_trylock(): yields 0 if it was free, which it no longer is then.</summary>
    public Step<CellCompareExchange<int>, int> TryDownWrite(KernelContext c) => State.CompareExchange(c, 0, HeldByWriter);

    /// <summary>up_read().</summary>
    public Step<CellUpdate<int, Add<int>>, int> UpRead(KernelContext c) => State.FetchAdd(c, -1);

    /// <summary>up_write(), mutex_unlock().</summary>
    public Step<CellUpdate<int, Exchange<int>>, int> UpWrite(KernelContext c) => State.Exchange(c, 0);

    /// <summary>Part of a step: one holder more.</summary>
    public void Take(bool asWriter) => State.Commit(asWriter ? HeldByWriter : State.Value + 1);

    [AsyncMethodBuilder(typeof(StepMethodBuilder))]
    private async ValueTask Down(KernelContext c, bool asWriter)
    {
        c.MightSleep(Name);
        if (c.Home.Scheduler is null)
        {
            await new Step<SemaphoreDown, Nothing>(c, new SemaphoreDown(this, asWriter));
            return;
        }

        int found = await State.Read(c);
        while (!SemaphoreCondition.IsFree(found, asWriter)
            || await State.CompareExchange(c, found, asWriter ? HeldByWriter : found + 1) != found)
        {
            await c.SleepUntil(State, asWriter ? static state => state == 0 : static state => state >= 0, Name);
            found = await State.Read(c);
        }
    }
}

/// <summary>Waits for a semaphore and takes it.</summary>
internal readonly struct SemaphoreDown(RwSemaphore semaphore, bool asWriter) : IAtomicOperation<Nothing>
{
    static StepNature IAtomicOperation<Nothing>.Nature => StepNature.Waits;

    public bool IsReady(StepContext context) => SemaphoreCondition.IsFree(semaphore.State.Value, asWriter);

    public void Announce(StepContext context)
    {
        context.WaitFor(asWriter ? SemaphoreCondition.ForWriter : SemaphoreCondition.ForReader, semaphore.State, AccessKind.Write, semaphore);
        if (context.Buffer is { } buffer)
        {
            context.WaitAlsoFor(buffer, AccessKind.Read);
        }
    }

    public Nothing Execute(StepContext context)
    {
        context.Window.Clear();
        semaphore.Take(asWriter);
        context.World.Trace?.Note(asWriter ? "down write" : "down read", semaphore.State, semaphore.State.Value);
        return default;
    }
}

/// <summary>The semaphore is free for one more reader, or for a writer; the own store buffer has drained.</summary>
internal sealed class SemaphoreCondition(bool asWriter) : IWaitCondition
{
    public static SemaphoreCondition ForReader { get; } = new(false);

    public static SemaphoreCondition ForWriter { get; } = new(true);

    public static bool IsFree(int state, bool asWriter) => asWriter ? state == 0 : state >= 0;

    public bool Holds(StepContext context) =>
        IsFree(((RwSemaphore)context.WaitArgument!).State.Value, asWriter) && context.Buffer?.Holds(context) != false;
}
