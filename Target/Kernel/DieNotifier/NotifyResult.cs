namespace KgdbSim.Target.Kernel.DieNotifier;

/// <summary>What a notifier answers (include/linux/notifier.h).</summary>
[Flags]
internal enum NotifyResult
{
    /// <summary>NOTIFY_DONE: not mine.</summary>
    Done = 0,

    /// <summary>NOTIFY_OK: mine, others may look too.</summary>
    Ok = 1,

    /// <summary>NOTIFY_STOP_MASK: nobody further is called.</summary>
    StopMask = 0x8000,

    /// <summary>NOTIFY_BAD: stops the chain, and counts as unhandled.</summary>
    Bad = StopMask | 2,

    /// <summary>NOTIFY_STOP: handled, stops the chain.</summary>
    Stop = StopMask | 1,
}
