namespace KgdbSim.Stub.Kgdb.Faithful;

/// <summary>Thread ids as kernel/debug/gdbstub.c@6.1 writes and looks them up.</summary>
internal static class ThreadReference
{
    /// <summary>shadow_pid: an idle task is named after its CPU.</summary>
    public static int Visible(int pid, int cpu) => pid != 0 ? pid : Shadow(cpu);

    public static int Shadow(int cpu) => -cpu - 2;

    /// <summary>pack_threadid: big endian, without leading zero bytes, at least one byte.</summary>
    public static void Append(RemcomBuffers buffers, int id)
    {
        uint bits = (uint)id;
        int bytes = bits >= 1u << 24 ? 4 : bits >= 1u << 16 ? 3 : bits >= 1u << 8 ? 2 : 1;
        for (int i = bytes - 1; i >= 0; i--)
        {
            buffers.AppendHex((byte)(bits >> (8 * i)));
        }
    }

    /// <summary>getthread: 0 and -1 mean the active CPU; its other refusal is logged, which no client sees.</summary>
    public static IKgdbTask? Find(IKgdbCore core, ulong number)
    {
        int id = (int)number;
        if (id is 0 or -1)
        {
            id = Shadow(core.MasterCpu);
        }

        if (id < -1 && id > -core.CpuLimit - 2)
        {
            return core.TaskInDebugger(-id - 2) ?? core.IdleTask(-id - 2);
        }

        return id <= 0 ? null : core.FindTask(id);
    }
}
