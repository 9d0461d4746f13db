// What a threaded handler is: see ThreadedCode.
global using unsafe ThreadedHandler = delegate*<
    KgdbSim.Target.Cpu.CpuCore,
    KgdbSim.Target.Cpu.CpuState*,
    KgdbSim.Target.Cpu.Decode.DecodedOp*,
    long,
    ulong,
    ulong,
    int>;
