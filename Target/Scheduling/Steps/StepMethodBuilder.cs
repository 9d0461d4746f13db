using System.Runtime.CompilerServices;

namespace KgdbSim.Target.Scheduling.Steps;

/// <summary>
/// Builds <c>async ValueTask</c> methods made of steps. Put
/// <c>[AsyncMethodBuilder(typeof(StepMethodBuilder))]</c> on such a method, <c>typeof(StepMethodBuilder&lt;&gt;)</c> on one
/// with a result: it then neither allocates nor looks at synchronization or execution contexts.
/// </summary>
/// <remarks>A method without the attribute works too, but every call that suspends allocates its state.</remarks>
public struct StepMethodBuilder
{
    private StepMethodBuilder<Nothing> _builder;

    /// <summary>Called by the compiler.</summary>
    public static StepMethodBuilder Create() => default;

    /// <summary>What the caller awaits; called by the compiler.</summary>
    public readonly ValueTask Task => _builder.TaskWithoutResult;

#pragma warning disable CA1822 // The shape of a method builder is the compiler's.
    /// <summary>Runs the method up to its first suspension; called by the compiler.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine) where TStateMachine : IAsyncStateMachine =>
        stateMachine.MoveNext();

    /// <summary>Never called for state machines that are structs.</summary>
    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }
#pragma warning restore CA1822

    /// <summary>The method returned; called by the compiler.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetResult() => _builder.SetResult(default);

    /// <summary>The method threw; called by the compiler.</summary>
    public void SetException(Exception exception) => _builder.SetException(exception);

    /// <summary>Suspends the method at an await; called by the compiler.</summary>
    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine => _builder.AwaitOnCompleted(ref awaiter, ref stateMachine);

    /// <summary>Suspends the method at an await; called by the compiler.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine => _builder.AwaitUnsafeOnCompleted(ref awaiter, ref stateMachine);
}
