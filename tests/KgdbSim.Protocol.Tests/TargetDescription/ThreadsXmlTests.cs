using System.Xml.Linq;
using KgdbSim.Protocol.Replies;
using KgdbSim.Protocol.TargetDescription;
using KgdbSim.Protocol.Text;

namespace KgdbSim.Protocol.Tests.TargetDescription;

/// <summary>GDB manual, "Thread List Format".</summary>
public sealed class ThreadsXmlTests
{
    private readonly ReplyWriter _document = new(16);

    [Fact]
    public void Lists_threads_with_core_name_and_text()
    {
        Write(GdbFeatures.Multiprocess);
        XElement[] threads = [.. Parse().Root!.Elements("thread")];
        Assert.Equal(["p1.1", "p1.1f"], threads.Select(thread => thread.Attribute("id")!.Value));
        Assert.Equal(["0", "30"], threads.Select(thread => thread.Attribute("core")!.Value));
        Assert.Equal(["CPU#0", null], threads.Select(thread => thread.Attribute("name")?.Value));
        Assert.Equal(["running", "<&\">"], threads.Select(thread => thread.Value));
    }

    [Fact]
    public void A_thread_on_no_core_has_none()
    {
        var threads = new ThreadsXml(_document, GdbFeatures.None);
        threads.Add(new ThreadId(1, -2), -1, "shadowCPU0"u8, default);
        threads.End();
        XElement thread = Parse().Root!.Elements("thread").Single();
        Assert.Equal(["id", "name"], thread.Attributes().Select(attribute => attribute.Name.LocalName));
        Assert.Equal("fffffffe", thread.Attribute("id")!.Value);
    }

    [Fact]
    public void Ids_have_the_negotiated_form()
    {
        Write(GdbFeatures.None);
        Assert.Equal(["1", "1f"], Parse().Root!.Elements().Select(thread => thread.Attribute("id")!.Value));
    }

    [Fact]
    public void Allocates_nothing_once_the_buffer_has_grown()
    {
        Write(GdbFeatures.Multiprocess);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Write(GdbFeatures.Multiprocess);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void Write(GdbFeatures offered)
    {
        var threads = new ThreadsXml(_document, offered);
        threads.Add(new ThreadId(1, 1), 0, "CPU#0"u8, "running"u8);
        threads.Add(new ThreadId(1, 31), 30, default, "<&\">"u8);
        threads.End();
    }

    private XDocument Parse() => XDocument.Parse(System.Text.Encoding.UTF8.GetString(_document.Written));
}
