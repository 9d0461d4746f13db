namespace KgdbSim.Stub.Kgdb.Faithful;

/// <summary>
/// What kernel/debug/gdbstub.c@6.1 calls: the debug core, the x86 back end and the task list of a stopped kernel.
/// Errors are values: 0 or a negative number of <see cref="KgdbErrno"/>.
/// </summary>
internal interface IKgdbCore
{
    /// <summary>kgdb_active: the CPU that runs the command loop.</summary>
    int MasterCpu { get; }

    /// <summary>NR_CPUS: shadow thread ids of these CPUs are accepted, online or not.</summary>
    int CpuLimit { get; }

    /// <summary>current on the master.</summary>
    IKgdbTask Current { get; }

    bool IsOnline(int cpu);

    /// <summary>kgdb_info[cpu].task: what that CPU ran when it entered kgdb; null when it has not.</summary>
    IKgdbTask? TaskInDebugger(int cpu);

    /// <summary>idle_task(cpu), for every CPU below <see cref="CpuLimit"/>.</summary>
    IKgdbTask IdleTask(int cpu);

    /// <summary>find_task_by_pid_ns: null when there is none.</summary>
    IKgdbTask? FindTask(int pid);

    /// <summary>The tasks in the order of for_each_process_thread; idle tasks are not among them.</summary>
    IReadOnlyList<IKgdbTask> Tasks { get; }

    /// <summary>A value of the trap frame with which that CPU entered kgdb.</summary>
    /// <param name="cpu">A CPU whose <see cref="TaskInDebugger"/> is not null.</param>
    /// <param name="register">A number below <see cref="RegisterNumber.StoredCount"/>.</param>
    ulong ReadRegister(int cpu, int register);

    /// <summary>Writes into the master's trap frame.</summary>
    void WriteRegister(int register, ulong value);

    /// <summary>copy_from_kernel_nofault: ERANGE below the kernel's half or not canonical, EFAULT for what is not mapped.</summary>
    int ReadMemory(ulong address, Span<byte> bytes);

    /// <summary>copy_to_kernel_nofault: EFAULT for whatever a store of the kernel's would fault at, read-only pages included.</summary>
    int WriteMemory(ulong address, ReadOnlySpan<byte> bytes);

    /// <summary>dbg_set_sw_break.</summary>
    int SetSoftwareBreakpoint(ulong address);

    /// <summary>dbg_remove_sw_break.</summary>
    int RemoveSoftwareBreakpoint(ulong address);

    /// <summary>kgdb_set_hw_break: 0 or <see cref="KgdbErrno.Permission"/>.</summary>
    /// <param name="type">1 execute, 2 write, 3 read, 4 access.</param>
    int SetHardwareBreakpoint(ulong address, int length, int type);

    /// <summary>kgdb_remove_hw_break: matches the address only.</summary>
    int RemoveHardwareBreakpoint(ulong address, int length, int type);

    /// <summary>dbg_remove_all_break: software and hardware.</summary>
    int RemoveAllBreakpoints();

    /// <summary>kallsyms_lookup_name: an address of the kernel's, for kdb; null if the name is not known.</summary>
    ulong? FindSymbol(string name);

    /// <summary>kgdb_cpu_doing_single_step: the master's number, or -1. TF itself goes through <see cref="WriteRegister"/>.</summary>
    void SetSteppingCpu(int cpu);
}
