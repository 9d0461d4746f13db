namespace KgdbSim.Target.Kernel.Lockdep;

/// <summary>
/// When and where a task last enabled and disabled interrupts and softirqs (the irqtrace fields of task_struct). The stamp counts
/// changes of either; an event that changes nothing is none.
/// </summary>
internal sealed class IrqTrace
{
    /// <summary>How many changes there were: "irq event stamp".</summary>
    public uint Stamp { get; internal set; }

    public IrqEvent HardirqsEnabled { get; private set; }

    public IrqEvent HardirqsDisabled { get; private set; }

    public IrqEvent SoftirqsEnabled { get; private set; }

    public IrqEvent SoftirqsDisabled { get; private set; }

    internal void Hardirqs(bool isEnabled, CallSite site)
    {
        var now = new IrqEvent(++Stamp, site);
        if (isEnabled)
        {
            HardirqsEnabled = now;
        }
        else
        {
            HardirqsDisabled = now;
        }
    }

    internal void Softirqs(bool isEnabled, CallSite site)
    {
        var now = new IrqEvent(++Stamp, site);
        if (isEnabled)
        {
            SoftirqsEnabled = now;
        }
        else
        {
            SoftirqsDisabled = now;
        }
    }

    internal void Reset()
    {
        Stamp = 0;
        HardirqsEnabled = default;
        HardirqsDisabled = default;
        SoftirqsEnabled = default;
        SoftirqsDisabled = default;
    }
}

/// <summary>One such change; without a site if it never happened.</summary>
internal readonly record struct IrqEvent(uint Stamp, CallSite? Site);
