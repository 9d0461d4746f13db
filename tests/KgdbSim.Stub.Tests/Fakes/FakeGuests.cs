namespace KgdbSim.Stub.Tests.Fakes;

/// <summary>Fake machines with something to do.</summary>
internal static class FakeGuests
{
    /// <summary>
    /// Four CPUs on code of NOPs; the last waits to be started. On their way round they store to 0x3000, load from it, and
    /// print a letter. The recorded transcripts were made with it: changing it means recording them again.
    /// </summary>
    public static FakeTarget Recorded()
    {
        FakeTarget target = new();
        target.Memory.Fill(0x90);
        target.SetActivity(3, Stub.Binding.CpuActivity.WaitingForSipi);
        target.Program[0x1024] = new Deed(DeedKind.Store, 0x3000);
        target.Program[0x1048] = new Deed(DeedKind.Load, 0x3004);
        target.Program[0x1060] = new Deed(DeedKind.Print, 'x');
        return target;
    }
}
