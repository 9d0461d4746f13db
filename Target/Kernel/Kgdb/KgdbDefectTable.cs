namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>One difference between the two faces.</summary>
/// <param name="Defect">Its switch.</param>
/// <param name="Id">How users name it: "KD-01".</param>
/// <param name="Faithful">What Linux 6.1 does.</param>
/// <param name="Modern">What the default face does instead.</param>
/// <param name="Reason">Why it isn't copied.</param>
internal sealed record KgdbDifference(KgdbDefects Defect, string Id, string Faithful, string Modern, string Reason);

/// <summary>All differences between Linux 6.1's kgdb and the default face.</summary>
internal static class KgdbDefectTable
{
    private static readonly KgdbDifference[] Rows =
    [
        new(KgdbDefects.StaleDr7OnExit, "KD-01",
            "the exits of #DB and NMI write back the DR7 saved on entry, if it had a breakpoint armed (local_db_restore)",
            "they write the CPU's present cpu_dr7",
            "a breakpoint added in the session doesn't fire, a removed one stays armed, on an execute one the CPU hangs in #DB"),
        new(KgdbDefects.StaleVirtualDr6, "KD-02",
            "a hit marks all enabled breakpoints of kgdb in current's virtual DR6, and the marks stay there",
            "a hit marks its own register, and the debugger's notifier takes the mark away",
            "the next hit of somebody else's breakpoint in that task stops in the debugger without cause"),
        new(KgdbDefects.PerfStateCheck, "KD-03",
            "6.1.192 only: perf drops overflows of events whose state isn't ACTIVE, which kgdb's never are",
            "the overflow handler is called",
            "no hardware breakpoint of kgdb ever reports"),
        new(KgdbDefects.EarlyRemoveAll, "KD-04",
            "removing all breakpoints before perf is up follows the pointers to events that don't exist yet",
            "early breakpoints are taken out of early_dr7",
            "null dereference in the debugger"),
        new(KgdbDefects.AnyDebugException, "KD-05",
            "every debug exception in kernel mode that gets to kgdb's notifier starts a session, whatever DR6 says",
            "only its own hits and its own step do; others are left to the kernel",
            "leftovers of lazily switched or removed breakpoints stop the machine"),
        new(KgdbDefects.MatchesByAddress, "KD-06",
            "z1 to z4 remove whatever hardware breakpoint is enabled at the address",
            "kind and length must match too",
            "removing one of two at an address can remove the other"),
        new(KgdbDefects.NoAddressCheck, "KD-07",
            "Z1 to Z4 accept unaligned ranges, entry code, the CPU entry area, non-canonical addresses",
            "they are refused as perf refuses them, with the reason",
            "the processor masks low bits and watches elsewhere; #DB in the entry code recurses"),
        new(KgdbDefects.ClobbersFreeEntry, "KD-08",
            "a refused Z overwrites type and length of the free entry",
            "a refused Z changes nothing",
            "the state after an error must equal the state before"),
        new(KgdbDefects.PartialRelease, "KD-09",
            "z gives slots back CPU by CPU and stops at the first refusal; the retry gives the first ones back again",
            "what each entry holds is remembered: a retry goes on from there",
            "slot counters go negative, and others get slots that are in use"),
        new(KgdbDefects.OrphanWhenNotStopped, "KD-10",
            "a CPU that missed the roundup keeps a removed breakpoint installed: only enabled entries are looked at",
            "whatever is installed and not enabled is taken out at the CPU's next entry",
            "armed for ever, and its register is lost to others"),
        new(KgdbDefects.MissingHotplugEvent, "KD-11",
            "CPUs that come online after registration have no event, and the null pointer is followed",
            "events are made when a CPU comes up",
            "null dereference, or a breakpoint that isn't armed on the new CPU"),
        new(KgdbDefects.OthersRunWhileStepping, "KD-12",
            "all other CPUs run during 's' (kgdb_single_step is never set on x86)",
            "they stay parked until the step has ended",
            "with the breakpoint out of memory for the step, others run past it"),
        new(KgdbDefects.DropsHitOfRemoved, "KD-13",
            "a CPU that waits with a hit gives up waiting for the stepping CPU after 100 tries, and finds its breakpoint removed",
            "it waits until the step has ended",
            "gdb's step-over (z0, s, Z0) loses the other CPU's hit"),
        new(KgdbDefects.ForgetsUnrestoredByte, "KD-14",
            "where an int3 can't be taken out of memory (text_mutex held) the entry becomes SET all the same",
            "it stays ACTIVE, and is tried again at the next exit",
            "z0 then leaves an int3 in text that nobody owns: an endless loop or an oops"),
        new(KgdbDefects.PlainErrors, "KD-15",
            "a fifth hardware breakpoint is E01",
            "the error names the owners of the slots",
            "nobody can guess who has them"),
        new(KgdbDefects.NoStopReason, "KD-16",
            "T05thread:ID; and nothing else",
            "watch:, rwatch:, awatch:, swbreak, hwbreak",
            "gdb shows SIGTRAP where a watchpoint was hit"),
        new(KgdbDefects.IpAfterInt3, "KD-17",
            "the reported rip is the byte after an int3",
            "it is the breakpoint's address, and swbreak says so",
            "the debugger must guess"),
        new(KgdbDefects.SignalSetsIp, "KD-18",
            "Cnn other than C09 and C15 becomes 'cnn': rip is set to the signal's number, and with C09 too",
            "a signal that can't be delivered is dropped, rip stays",
            "gdb's 'signal SIGINT' crashes the machine"),
        new(KgdbDefects.QuestionRemovesAll, "KD-19",
            "'?' removes all breakpoints",
            "it reports why the machine stopped",
            "a debugger that reconnects loses what it had set"),
        new(KgdbDefects.NoInterrupt, "KD-20",
            "Ctrl-C is ignored while the machine runs",
            "it stops the machine",
            "there is no other way to stop it"),
        new(KgdbDefects.ThreadListNeverEnds, "KD-21",
            "qsThreadInfo ends with an empty reply",
            "with 'l'",
            "the protocol says so"),
        new(KgdbDefects.UnreachableRegisters, "KD-22",
            "rsp can't be written, segment registers are stale bytes, fs and gs aren't in 'g', orig_rax can't be read",
            "all registers are real",
            "a debugger must not lie"),
        new(KgdbDefects.DropsLongPackets, "KD-23",
            "a packet of more than 1022 bytes vanishes without an answer",
            "it is taken, or refused with an error",
            "the debugger waits for ever"),
        new(KgdbDefects.RearmsOthers, "KD-24",
            "on entry DR7 is zeroed first; taking kgdb's own breakpoints out then writes back what others have armed",
            "DR7 is zeroed once more after that",
            "perf's breakpoints fire inside the session, and count what the debugger itself does"),
        new(KgdbDefects.RestoreClearsDr6, "KD-25",
            "on the way out hw_breakpoint_restore resets DR6",
            "DR6 is left as it is",
            "a roundup NMI between #DB's gate and the handler's read of DR6 makes that hit an exception without cause: it is lost"),
        new(KgdbDefects.CountsCpuByCpu, "KD-26",
            "Z and z ask CPU by CPU whether the accounting is locked: who takes the lock in between has them refused half-way",
            "its lock is tried once and held over all CPUs",
            "what was taken or given back before the refusal stays so: the state after an error must equal the state before"),
        new(KgdbDefects.HitsByRegister, "KD-27",
            "#DB's handler takes a hit for that of whoever has the register by then",
            "a hit belongs to the breakpoint that was in the register when the processor trapped",
            "a CPU whose #DB waits behind a roundup reports a breakpoint that it hasn't hit, or none, if the session has moved some"),
        new(KgdbDefects.SkipsAccounting, "KD-28",
            "2.6.33 only: Z1 to Z4 don't ask perf's accounting for slots",
            "they do, as in all later kernels",
            "what was accepted finds no register, and never fires"),
    ];

    /// <summary>In the order of their ids.</summary>
    public static IReadOnlyList<KgdbDifference> All => Rows;

    /// <summary>Whether a row is about the debug core; the others are about its stub, which a hosted kernel's debugger doesn't use.</summary>
    public static bool IsInCore(KgdbDifference row) => (row.Defect & (KgdbDefects.PlainErrors | KgdbDefects.NoStopReason | KgdbDefects.IpAfterInt3
        | KgdbDefects.SignalSetsIp | KgdbDefects.QuestionRemovesAll | KgdbDefects.NoInterrupt | KgdbDefects.ThreadListNeverEnds
        | KgdbDefects.UnreachableRegisters | KgdbDefects.DropsLongPackets | KgdbDefects.OthersRunWhileStepping)) == 0;

    /// <summary>The row with this id in any letter case, or null.</summary>
    public static KgdbDifference? Find(string id) => Array.Find(Rows, row => row.Id.Equals(id, StringComparison.OrdinalIgnoreCase));
}
