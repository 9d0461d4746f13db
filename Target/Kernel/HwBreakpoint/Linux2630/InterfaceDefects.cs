namespace KgdbSim.Target.Kernel.HwBreakpoint.Linux2630;

/// <summary>The defects of the 2009 interface by the scenario that shows each.</summary>
internal static class InterfaceDefects
{
    private static readonly (string Scenario, Func<InterfaceForm, InterfaceForm> Enable)[] Rows =
    [
        ("HB-01", static form => form with { IpisAreNotAwaited = true }),
        ("HB-02", static form => form with { LoadsWithIrqsOff = true }),
        ("HB-03", static form => form with { LocksWithSoftirqsOn = true }),
        ("HB-04", static form => form with { HasSingleTable = true }),
        ("HB-06", static form => form with { TestsNullForThreadsOnly = true }),
        ("HB-07", static form => form with { AccumulatesKdr7InPlace = true }),
        ("HB-09", static form => form with { MovesPositionEarly = true }),
        ("HB-10", static form => form with { HasSingleTable = true }),
        ("HB-11", static form => form with { IpisAreNotAwaited = true }),
        ("HB-12", static form => form with { IpisAreNotAwaited = true, ReadsTableTwice = true }),
        ("HB-13", static form => form with { FreesEarly = true }),
        ("HB-14", static form => form with { ReregistersToModify = true, StoresBeforeModify = true }),
        ("HB-15", static form => form with { PreallocatesOne = true }),
        ("HB-16", static form => form with { FlushesAnyonesRegisters = true }),
        ("HB-17", static form => form with { LoadsBeforeOnline = true }),
        ("HB-21", static form => form with { RegistersThreadsUnlocked = true }),
        ("HB-22", static form => form with { SignalsSwallowedHits = true }),
        ("HB-23", static form => form with { UpdatesWhileArmed = true }),
    ];

    /// <summary>The scenarios that name a defect, in their order.</summary>
    public static IEnumerable<string> Scenarios => Rows.Select(static row => row.Scenario);

    /// <summary>A form with one defect more.</summary>
    /// <returns>Null if no defect of this interface has that name: HB-05, 08, 18, 19 and 20 are in the code as merged.</returns>
    public static InterfaceForm? Enable(InterfaceForm form, string scenario)
    {
        foreach ((string name, Func<InterfaceForm, InterfaceForm> enable) in Rows)
        {
            if (name.Equals(scenario, StringComparison.OrdinalIgnoreCase))
            {
                return enable(form);
            }
        }

        return null;
    }
}
