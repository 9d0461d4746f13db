using KgdbSim.Target.Scheduling.Steps;

namespace KgdbSim.Target.Kernel.Kgdb;

/// <summary>exception_state |= roles.</summary>
internal readonly struct OrRoles(ExceptionRoles roles) : ICellUpdate<ExceptionRoles>
{
    public ExceptionRoles Apply(ExceptionRoles old) => old | roles;
}

/// <summary>exception_state &amp;= roles.</summary>
internal readonly struct AndRoles(ExceptionRoles roles) : ICellUpdate<ExceptionRoles>
{
    public ExceptionRoles Apply(ExceptionRoles old) => old & roles;
}
