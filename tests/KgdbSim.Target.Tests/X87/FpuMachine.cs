using KgdbSim.Target.Cpu;
using KgdbSim.Target.Cpu.Execute;
using KgdbSim.Target.Memory;
using KgdbSim.Target.Tests.Sse;

namespace KgdbSim.Target.Tests.X87;

/// <summary>Runs recorded x87 and MMX instructions on a processor in the state that the recordings assume.</summary>
internal sealed unsafe class FpuMachine : IDisposable
{
    private const ulong CodePage = 0x40000000;
    private const ulong DataPage = 0x50000000;
    private const ulong CodeFrame = 0x10000;
    private const ulong DataFrame = 0x20000;

    private readonly VectorMachine _machine = new();

    private CpuCore Cpu => _machine.Cpu;

    private PhysicalMemory Memory => _machine.Cpu.Memory;

    /// <summary>Runs one record and describes how its outcome differs; null if it does not.</summary>
    public string? Run(FpuVector vector)
    {
        Load(vector);
        Cpu.Left = 1;
        RunExit exit = Interpreter.One(Cpu);
        string differences = string.Join("; ", Differences(vector, exit));
        return differences.Length == 0 ? null : $"{vector.Common.Title} with {vector.Before}: {differences}";
    }

    public void Dispose() => _machine.Dispose();

    private void Load(FpuVector vector)
    {
        byte[] page = new byte[0x4000];
        Memory.Write(DataFrame, page);
        page.AsSpan(0, 0x2000).Fill(0xCC);
        vector.Common.Code.CopyTo(page, (int)(vector.Common.Rip - CodePage));
        Memory.Write(CodeFrame, page.AsSpan(0, 0x2000));
        if (vector.Common.Window.Length != 0)
        {
            Memory.Write(vector.Common.WindowAddress - DataPage + DataFrame, vector.Common.Window);
        }

        CpuState* s = Cpu.State;
        ulong[] registers = vector.Common.Gpr;
        for (int i = 0; i < 16; i++)
        {
            s->Gpr[i] = registers[i];
        }

        vector.Before.Load(s);
        s->Rip = vector.Common.Rip;
        s->PendingDebug = 0;
        s->StiShadow = s->MovSsShadow = 0;
        Cpu.Pending = default;
        Cpu.SetRflags(vector.Common.Rflags);
        Cpu.TranslationChanged();
    }

    private List<string> Differences(FpuVector vector, RunExit exit)
    {
        RecordedVector common = vector.Common;
        List<string> found = [.. vector.After.Differences(FpuImage.Of(Cpu.State), vector.UndefinedStatus)];
        int? raised = exit == RunExit.Fault ? Cpu.Pending.Vector : Cpu.State->PendingDebug != 0 ? 1 : null;
        if (raised != common.ExceptionVector)
        {
            found.Add($"exception expected {common.ExceptionVector}, got {raised}");
        }
        else if (exit == RunExit.Fault && Cpu.Pending.ErrorCode != common.ExceptionErrorCode)
        {
            found.Add($"error code expected {common.ExceptionErrorCode:x}, got {Cpu.Pending.ErrorCode:x}");
        }
        else if (raised == 14 && common.ExceptionCr2 is { } cr2 && Cpu.State->Cr2 != cr2)
        {
            found.Add($"cr2 expected {cr2:x}, got {Cpu.State->Cr2:x}");
        }

        Compare(found, "rip", common.OutcomeRip, Cpu.State->Rip, 0);
        Compare(found, "rflags", common.OutcomeRflags, Cpu.State->Rflags, common.UndefinedFlags | Flags.Rf);
        ulong[] registers = common.OutcomeGpr;
        for (int i = 0; i < 16; i++)
        {
            Compare(found, $"gpr {i}", registers[i], Cpu.State->Gpr[i], 0);
        }

        byte[] window = new byte[common.Window.Length];
        Memory.Read(common.WindowAddress - DataPage + DataFrame, window);
        if (!window.AsSpan().SequenceEqual(common.OutcomeWindow))
        {
            string expected = Convert.ToHexString(common.OutcomeWindow);
            found.Add($"memory expected {expected}, got {Convert.ToHexString(window)}");
        }

        return found;
    }

    private static void Compare(List<string> found, string what, ulong expected, ulong got, ulong ignored)
    {
        if (((expected ^ got) & ~ignored) != 0)
        {
            found.Add($"{what} expected {expected:x}, got {got:x}");
        }
    }
}
