using KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;
using KgdbSim.Target.Kernel.HwBreakpoint.Perf;
using KgdbSim.Target.Kernel.Kgdb;
using KgdbSim.Target.Kernel.Traps;
using static KgdbSim.Target.Kernel.Traps.KernelVersion;

namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>What --as-posted can switch on, and in which kernels.</summary>
internal static class NamedDefects
{
    private static readonly NamedDefect[] Rows =
    [
        .. KgdbDefectTable.All.Where(IsSwitch).Select(static row => Kgdb(row.Id, row.Defect)),
        .. InterfaceDefects.Scenarios.Select(static id => new NamedDefect(id, Linux2630, Linux2630, form => OfInterface(form, id))),
        new("HB-08", Linux2630, Linux2630, static form => form with { Interface = form.Interface with { HasKdr7PerCpu = false } }),
        new("HB-14", Linux2633, Linux61, static form => form with { Perf = form.Perf with { ModifiesInPlace = false } }),
        new("HB-18", Linux2630, Linux2630, static form => form with { Interface = form.Interface with { RecomputesDr7 = false } }),
        new("HB-18", Linux2633, Linux2635, KeepsSavedDr7),
        new("HB-24", Linux2633, Linux61, static form => form with { Perf = form.Perf with { LocksSlots = false } }),
        new("KG-01", Linux2633, Linux2633, SeesTwice),
        new("KG-02", Linux2633, Linux2635, KeepsSavedDr7),
        new("KG-03", Linux2633, Linux2635, SeesNothing),
        new("KG-04", Linux2633, Linux2633, SeesTwice),
        new("KG-06", Linux2614, Linux61, static form => Without(form, KgdbCures.DisableOnEntry)),
        new("KG-07", Linux2633, Linux61, static form => form.With(KgdbDefects.PartialRelease | KgdbDefects.CountsCpuByCpu)),
        new("KG-08", Linux2633, Linux61, static form => form with { Kgdb = form.Kgdb with { ReservesSlots = false } }),
        new("KG-11", Linux2633, Linux61, static form => form.With(KgdbDefects.MissingHotplugEvent)),
        new("KG-12", Linux2614, Linux61, static form => form.With(KgdbDefects.AnyDebugException)),
        new("KG-14", Linux2633, Linux61, static form => form.With(KgdbDefects.OrphanWhenNotStopped)),
        new("KG-15", Linux61, Linux61, static form => form.With(KgdbDefects.StaleDr7OnExit)),
        new("KG-16", Linux61, Linux61, static form => form.With(KgdbDefects.PerfStateCheck)),
        new("KG-17", Linux61, Linux61, static form => form.With(KgdbDefects.StaleVirtualDr6)),
        new("KG-18", Linux2614, Linux61, static form => Without(form, KgdbCures.SkipRemoved)),
        new("KG-19", Linux2614, Linux61, static form => form.With(KgdbDefects.DropsHitOfRemoved)),
        new("KG-22", Linux2614, Linux61, static form => form.With(KgdbDefects.NoAddressCheck)),
        new("KG-23", Linux2633, Linux2633, KeepsSavedDr7),
        new("KG-24", Linux2633, Linux61, static form => Without(form, KgdbCures.CopyAllFields)),
        new("KG-25", Linux2633, Linux2633, SeesNothing),
    ];

    /// <summary>Scenarios and differences that are no switch, and why.</summary>
    private static readonly (string Id, string Why)[] NoSwitches =
    [
        ("KD-04", "in a hosted kernel the debugger comes after perf"),
        ("HB-05", "it examines a claim about the code as merged"),
        ("HB-19", "it is the order of __switch_to(), and a hosted kernel's tasks keep their CPUs"),
        ("HB-20", "the accounting of 2.6.30 is like that"),
        ("KG-05", "it is a race within KVM's entry, which a hosted kernel takes as one step"),
        ("KG-09", "the debugger would wait for ever"),
        ("KG-10", "it is a mistake of a stub that hosted kernels don't use"),
        ("KG-13", "to a hosted kernel all of the guest is kernel code"),
        ("KG-20", "a hosted debugger's I/O driver is not in the guest"),
        ("KG-21", "every CPU of a hosted kernel takes NMIs"),
    ];

    /// <summary>All ids, each once, in order.</summary>
    public static IReadOnlyList<string> Ids { get; } = [.. Rows.Select(static row => row.Id).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Those of one kernel.</summary>
    public static IReadOnlyList<string> IdsOf(KernelVersion version) =>
        [.. Ids.Where(id => Array.Exists(Rows, row => row.Id == id && row.IsIn(version)))];

    /// <summary>The kernels that can be given a defect, newest first, for people.</summary>
    public static string KernelsOf(string id) => string.Join(", ", Enum.GetValues<KernelVersion>().Reverse()
        .Where(version => Find(version, id) is not null).Select(static version => version.Name));

    /// <summary>A form with one defect more.</summary>
    /// <param name="form">The form without.</param>
    /// <param name="id">In any letter case.</param>
    /// <returns>Null: that kernel can't be given it; <see cref="WhyNot"/> says why.</returns>
    public static HostedForm? Enable(HostedForm form, string id) => Find(form.Version, id)?.Enable(form);

    /// <summary>Why a kernel can't be given a defect, in words to follow the id and a colon; null: it can.</summary>
    /// <param name="kernel">Which kernel; null: none.</param>
    /// <param name="id">In any letter case.</param>
    public static string? WhyNot(KernelVersion? kernel, string id)
    {
        if (kernel is { } version && Find(version, id) is not null)
        {
            return null;
        }

        foreach ((string known, string why) in NoSwitches)
        {
            if (known.Equals(id, StringComparison.OrdinalIgnoreCase))
            {
                return $"no such defect can be switched on: {why}";
            }
        }

        if (KgdbDefectTable.Find(id) is { } row && !IsSwitch(row))
        {
            return "no such defect can be switched on by itself: it comes with 'serve --faithful'";
        }

        string kernels = KernelsOf(id);
        return kernels.Length == 0 ? "no such defect can be switched on"
            : kernel is null ? "it is about a modelled kernel; --kernel none has none"
            : $"no such defect in Linux {kernel.Value.Name}, but in {kernels}; {kernel.Value.Name} has {string.Join(", ", IdsOf(kernel.Value))}";
    }

    private static NamedDefect? Find(KernelVersion version, string id) =>
        Array.Find(Rows, row => row.IsIn(version) && row.Id.Equals(id, StringComparison.OrdinalIgnoreCase));

    private static bool IsSwitch(KgdbDifference row) => KgdbDefectTable.IsInCore(row) && row.Defect != KgdbDefects.EarlyRemoveAll;

    private static NamedDefect Kgdb(string id, KgdbDefects defect)
    {
        (KernelVersion oldest, KernelVersion newest) = defect switch
        {
            KgdbDefects.StaleDr7OnExit => (Linux2630, Linux61),
            KgdbDefects.StaleVirtualDr6 or KgdbDefects.PerfStateCheck => (Linux61, Linux61),
            KgdbDefects.PartialRelease => (Linux2633, Linux61),
            KgdbDefects.OrphanWhenNotStopped or KgdbDefects.MissingHotplugEvent => (Linux2633, Linux61),
            KgdbDefects.RearmsOthers or KgdbDefects.RestoreClearsDr6 or KgdbDefects.CountsCpuByCpu => (Linux2633, Linux61),
            KgdbDefects.SkipsAccounting => (Linux2633, Linux2633),
            KgdbDefects.ForgetsTracers => (Linux2614, Linux2621),
            _ => (Linux2614, Linux61),
        };
        return new NamedDefect(id, oldest, newest, form => form.With(defect));
    }

    private static HostedForm OfInterface(HostedForm form, string id)
    {
        InterfaceForm changed = InterfaceDefects.Enable(form.Interface, id)!;
        return form with
        {
            // What ptrace frees early it makes again in the thread's first free register.
            Interface = changed with { RegistersWhereAsked = changed is { RegistersWhereAsked: true, FreesEarly: false } },
            SignalsSwallowedHits = changed.SignalsSwallowedHits,
        };
    }

    private static HostedForm Without(HostedForm form, KgdbCures cure) => form with { Without = form.Without | cure };

    /// <summary>The handler ends with the DR7 that it saved, whatever the session has changed.</summary>
    private static HostedForm KeepsSavedDr7(HostedForm form) => Handler(form, form.Perf.Handler with { RestoresWantedDr7 = false });

    /// <summary>perf's callback and the notifier both take a hit.</summary>
    private static HostedForm SeesTwice(HostedForm form) => form.With(KgdbDefects.AnyDebugException) with
    {
        Kgdb = form.Kgdb with { HasReceivedFlag = false, TestsDr6 = false },
    };

    /// <summary>kgdb without callback, and a handler that answers NOTIFY_STOP.</summary>
    private static HostedForm SeesNothing(HostedForm form) => Handler(form, form.Perf.Handler with { AnswersDoneIfOwned = false }) with
    {
        Kgdb = form.Kgdb with { Overflow = OverflowAction.None, HasReceivedFlag = false, TestsDr6 = false },
    };

    private static HostedForm Handler(HostedForm form, HandlerForm handler) => form with { Perf = form.Perf with { Handler = handler } };
}
