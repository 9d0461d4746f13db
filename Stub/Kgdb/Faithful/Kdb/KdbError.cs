namespace KgdbSim.Stub.Kgdb.Faithful.Kdb;

/// <summary>
/// Codes with which kdb's commands end (include/linux/kdb.h@6.1). At the prompt they are told; behind a qRcmd nobody looks at them.
/// </summary>
internal enum KdbError
{
    None = 0,
    NotFound = -1,
    ArgumentCount = -2,
    BadInteger = -12,
    NoSymbol = -14,
    TooManyBreakpoints = -17,
    BadRegister = -20,
    NoBreakpoint = -22,
    BadCpu = -24,
}
