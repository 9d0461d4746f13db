using BenchmarkDotNet.Running;
using KgdbSim.Benchmarks;

// guests [-n ROUNDS] [--scale 1|10|100] [NAME...]: guest programs, ours against QEMU, alternating in one run
// armed  [-n ROUNDS]:                              slowdown by breakpoints and watchpoints that are never hit, the same way
// traps [-n ROUNDS]:                              traps that a modelled kernel takes, int3 against QEMU, Z1 on many CPUs
// kernel [-n EXECUTIONS]:                         what modelled kernel code costs, inline and explored, and its memory
// scenarios [-n MAX] [ID...|all]:                 executions of scenarios with and without reduction
// anything else goes to BenchmarkDotNet: --filter '*'
return args switch
{
    ["guests", .. string[] rest] => GuestBenchmark.Run(rest),
    ["armed", .. string[] rest] => ArmedBenchmark.Run(rest),
    ["traps", .. string[] rest] => TrapBenchmark.Run(rest),
    ["kernel", .. string[] rest] => KernelBenchmark.Run(rest),
    ["scenarios", .. string[] rest] => ScenarioTable.Run(rest),
    _ => BenchmarkSwitcher.FromAssembly(typeof(GuestBenchmark).Assembly).Run(args).Any() ? 0 : 1,
};
