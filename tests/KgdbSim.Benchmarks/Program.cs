using BenchmarkDotNet.Running;
using KgdbSim.Benchmarks;

// guests [-n ROUNDS] [--scale 1|10|100] [NAME...]: guest programs, ours against QEMU, alternating in one run
// armed  [-n ROUNDS]:                              slowdown by breakpoints and watchpoints that are never hit, the same way
// traps [-n ROUNDS]:                              traps that a modelled kernel takes, int3 against QEMU, Z1 on many CPUs
// anything else goes to BenchmarkDotNet: --filter '*'
return args switch
{
    ["guests", .. string[] rest] => GuestBenchmark.Run(rest),
    ["armed", .. string[] rest] => ArmedBenchmark.Run(rest),
    ["traps", .. string[] rest] => TrapBenchmark.Run(rest),
    _ => BenchmarkSwitcher.FromAssembly(typeof(GuestBenchmark).Assembly).Run(args).Any() ? 0 : 1,
};
