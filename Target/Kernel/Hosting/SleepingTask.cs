namespace KgdbSim.Target.Kernel.Hosting;

/// <summary>
/// A process of the guest's kernel that sleeps whenever anybody looks: what it does, it does through the kernel while the machine
/// stands. It has no registers that could be shown.
/// </summary>
/// <param name="Pid">Its process id, which no other task ever has.</param>
/// <param name="Comm">Its name.</param>
internal sealed record SleepingTask(int Pid, string Comm);
