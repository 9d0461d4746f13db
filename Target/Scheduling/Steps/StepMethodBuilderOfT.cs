using System.Runtime.CompilerServices;

namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// Builds <c>async ValueTask&lt;T&gt;</c> methods made of steps; see <see cref="StepMethodBuilder"/>.
/// </summary>
public struct StepMethodBuilder<TResult>
{
    /// <summary>Null: returned without suspending. Otherwise the parked method, or the exception thrown before the first await.</summary>
    private object? _outcome;
    private short _version;
    private TResult _result;

    /// <summary>Called by the compiler.</summary>
#pragma warning disable CA1000 // The shape of a method builder is the compiler's.
    public static StepMethodBuilder<TResult> Create() => default;
#pragma warning restore CA1000

    /// <summary>What the caller awaits; called by the compiler.</summary>
    public readonly ValueTask<TResult> Task => _outcome switch
    {
        null => new ValueTask<TResult>(_result),
        System.Threading.Tasks.Sources.IValueTaskSource<TResult> source => new ValueTask<TResult>(source, _version),
        _ => ValueTask.FromException<TResult>((Exception)_outcome),
    };

    /// <summary>What the caller of a method without result awaits.</summary>
    internal readonly ValueTask TaskWithoutResult => _outcome switch
    {
        null => default,
        System.Threading.Tasks.Sources.IValueTaskSource source => new ValueTask(source, _version),
        _ => ValueTask.FromException((Exception)_outcome),
    };

    /// <summary>Runs the method up to its first suspension; called by the compiler.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine) where TStateMachine : IAsyncStateMachine =>
        stateMachine.MoveNext();

    /// <summary>Never called for state machines that are structs.</summary>
    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    /// <summary>The method returned; called by the compiler.</summary>
    public void SetResult(TResult result)
    {
        if (_outcome is null)
        {
            _result = result;
            return;
        }

        ((IParkedMethod<TResult>)_outcome).SetResult(result);
    }

    /// <summary>The method threw; called by the compiler.</summary>
    public void SetException(Exception exception)
    {
        if (_outcome is null)
        {
            _outcome = exception;
            return;
        }

        ((IParkedMethod<TResult>)_outcome).SetException(exception);
    }

    /// <summary>Suspends the method at an await; called by the compiler.</summary>
    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine =>
        throw NotAStep(typeof(TAwaiter));

    /// <summary>Suspends the method at an await; called by the compiler.</summary>
    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine
    {
        SuspendedMethod<TStateMachine, TResult> parked;
        if (_outcome is null)
        {
            // The builder is a field of the state machine: it must know its new home before the state machine is copied there.
            parked = SuspendedMethod<TStateMachine, TResult>.Rent();
            _version = parked.Version;
            _outcome = parked;
            parked.Adopt(ref stateMachine);
        }
        else
        {
            parked = Unsafe.As<SuspendedMethod<TStateMachine, TResult>>(_outcome);
        }

        // A test on a type argument that is a struct: the JIT decides it, and the box disappears.
        if (default(TAwaiter) is not null && awaiter is IStepAwaiter)
        {
            ((IStepAwaiter)awaiter).Suspend(parked);
        }
        else
        {
            awaiter.UnsafeOnCompleted(parked.ResumeAction);
        }
    }

    private static InvalidOperationException NotAStep(Type awaiter) =>
        new($"A step method awaited {awaiter}, which is no step: nothing in the simulation could ever resume it.");
}
