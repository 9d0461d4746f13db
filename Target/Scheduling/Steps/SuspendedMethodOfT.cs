using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;

namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>The parked state machine of one particular step method, and the <see cref="ValueTask"/> its caller awaits.</summary>
internal sealed class SuspendedMethod<TStateMachine, TResult> : SuspendedMethod, IParkedMethod<TResult>, IValueTaskSource,
        IValueTaskSource<TResult>
    where TStateMachine : IAsyncStateMachine
{
    /// <summary>Idle objects of this type; a cache without meaning of its own, like the array pools of the runtime.</summary>
    private static readonly ObjectPool<SuspendedMethod<TStateMachine, TResult>> Pool = new();

    private TStateMachine _stateMachine = default!;
    private TResult _result = default!;
    private ExceptionDispatchInfo? _exception;
    private bool _completed;

    /// <summary>Distinguishes this use of the pooled object from earlier ones.</summary>
    public short Version { get; private set; }

    public static SuspendedMethod<TStateMachine, TResult> Rent() => Pool.TryTake() ?? new();

    /// <summary>Takes over the state machine; it already holds a reference to this object.</summary>
    public void Adopt(ref TStateMachine stateMachine) => _stateMachine = stateMachine;

    public override void Resume() => _stateMachine.MoveNext();

    public override void Drop() => Recycle();

    public void SetResult(TResult result)
    {
        _result = result;
        _completed = true;
        RunContinuation();
    }

    public void SetException(Exception exception)
    {
        _exception = ExceptionDispatchInfo.Capture(exception);
        _completed = true;
        RunContinuation();
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => Status(token);

    ValueTaskSourceStatus IValueTaskSource<TResult>.GetStatus(short token) => Status(token);

    void IValueTaskSource.GetResult(short token) => TakeResult(token);

    TResult IValueTaskSource<TResult>.GetResult(short token) => TakeResult(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token,
        ValueTaskSourceOnCompletedFlags flags) => Continue(continuation, state, token);

    void IValueTaskSource<TResult>.OnCompleted(Action<object?> continuation, object? state, short token,
        ValueTaskSourceOnCompletedFlags flags) => Continue(continuation, state, token);

    /// <remarks>
    /// The flags ask for the caller's synchronization context; in a simulation there is none: the continuation runs where
    /// the method ends.
    /// </remarks>
    private void Continue(Action<object?> continuation, object? state, short token)
    {
        Check(token);
        SetContinuation(continuation, state);
    }

    private ValueTaskSourceStatus Status(short token)
    {
        Check(token);
        return !_completed ? ValueTaskSourceStatus.Pending
            : _exception is null ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Faulted;
    }

    private TResult TakeResult(short token)
    {
        Check(token);
        TResult result = _result;
        ExceptionDispatchInfo? exception = _exception;
        Recycle();
        exception?.Throw();
        return result;
    }

    private void Check(short token)
    {
        if (token != Version)
        {
            throw new InvalidOperationException("A step method's ValueTask was used twice; await it once.");
        }
    }

    private void Recycle()
    {
        Version++;
        _stateMachine = default!;
        _result = default!;
        _exception = null;
        _completed = false;
        ClearContinuation();
        Pool.Return(this);
    }
}
