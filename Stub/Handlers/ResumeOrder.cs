using KgdbSim.Protocol.Packets;
using KgdbSim.Stub.Binding;
using KgdbSim.Stub.Binding.Capabilities;

namespace KgdbSim.Stub.Handlers;

/// <summary>Puts a <c>vCont</c>, which is about threads, into what every CPU does.</summary>
internal sealed class ResumeOrder(IThreads threads, ResumePlan plan)
{
    /// <summary>Each CPU does what the leftmost action that matches its thread says; a CPU that none matches stays.</summary>
    /// <param name="packet">What the debugger wants.</param>
    /// <param name="absent">A thread that is to be resumed by itself and is on no CPU.</param>
    /// <returns>False: there is one, and nothing is changed.</returns>
    public bool TryTake(in VCont packet, out DebugThread absent)
    {
        foreach (VContAction action in packet)
        {
            if (action is { Kind: not VContKind.Stop, Thread.IsOne: true } && threads.TryFind(action.Thread, out absent) && !absent.IsOnCpu)
            {
                return false;
            }
        }

        absent = default;
        for (int cpu = 0; cpu < plan.CpuCount; cpu++)
        {
            plan[cpu] = packet.TryFind(threads.On(cpu).Id, out VContAction action) ? ActionOf(action) : ResumeAction.Stay;
        }

        return true;
    }

    private static ResumeAction ActionOf(VContAction action) => action.Kind switch
    {
        VContKind.Continue => ResumeAction.Continue,
        VContKind.Step => ResumeAction.Step,

        // "If start and end are the same, single-step" (GDB manual, vCont, action r).
        VContKind.RangeStep when action.RangeStart == action.RangeEnd => ResumeAction.Step,
        VContKind.RangeStep => ResumeAction.StepWithin(action.RangeStart, action.RangeEnd),
        _ => ResumeAction.Stay,
    };
}
