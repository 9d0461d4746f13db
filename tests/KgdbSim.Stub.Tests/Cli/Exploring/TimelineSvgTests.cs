using System.Globalization;
using System.Xml.Linq;
using KgdbSim.Cli.Exploring;

namespace KgdbSim.Stub.Tests.Cli.Exploring;

/// <summary>What of the picture can be known without drawing it: <see cref="BrowserTests"/> draws it.</summary>
public sealed class TimelineSvgTests
{
    public static TheoryData<int> Incidents => [.. Enumerable.Range(0, SamplePage.Incidents.Count)];

    [Theory]
    [MemberData(nameof(Incidents))]
    public void Everything_is_in_the_picture(int incident)
    {
        XElement svg = Draw(incident);
        double[] view = [.. svg.Attribute("viewBox")!.Value.Split(' ').Select(Number)];
        Assert.All(svg.Descendants("rect"), rect =>
        {
            Box box = BoxOf(rect);
            Assert.True(box.X >= 0 && box.Y >= 0 && box.Right <= view[2] && box.Bottom <= view[3], $"{rect}");
        });
    }

    [Theory]
    [MemberData(nameof(Incidents))]
    public void Every_text_is_in_its_box(int incident) => Assert.All(Draw(incident).Descendants("g"), group =>
    {
        Box box = BoxOf(group.Element("rect")!);
        foreach (XElement text in group.Elements("text").Where(text => (string?)text.Attribute("class") != "number"))
        {
            double left = Value(text, "x");
            Assert.True(left >= box.X && left + Value(text, "textLength") <= box.Right, $"{text} in {box}");
            Assert.InRange(Value(text, "y"), box.Y + 8, box.Bottom);
        }
    });

    [Theory]
    [MemberData(nameof(Incidents))]
    public void Steps_do_not_overlap_and_time_goes_down(int incident)
    {
        Box[] boxes = [.. Draw(incident).Descendants("rect").Where(Is("step-box")).Select(BoxOf)];
        Assert.All(boxes.Zip(boxes.Skip(1)), pair => Assert.True(pair.First.Bottom < pair.Second.Y, $"{pair}"));
    }

    [Theory]
    [MemberData(nameof(Incidents))]
    public void Frames_nest_or_are_apart(int incident)
    {
        Box[] boxes = [.. Draw(incident).Descendants("rect").Where(Is("frame")).Select(BoxOf)];
        Assert.All(boxes, a => Assert.All(boxes, b => Assert.True(
            a == b || Contains(a, b) || Contains(b, a) || a.Right <= b.X || b.Right <= a.X || a.Bottom <= b.Y || b.Bottom <= a.Y,
            $"{a} and {b}")));
    }

    [Fact]
    public void A_step_is_in_the_frame_of_its_context()
    {
        XElement svg = Draw(1);
        XElement frame = Assert.Single(svg.Descendants("g"), group => Title(group).StartsWith("NMI", StringComparison.Ordinal));
        XElement step = Assert.Single(svg.Descendants("g"), group => (string?)group.Attribute("data-step") == "4");
        Assert.True(Contains(BoxOf(frame.Element("rect")!), BoxOf(step.Element("rect")!)));
        Assert.Equal("context depth2", frame.Attribute("class")!.Value);
    }

    [Fact]
    public void The_fatal_step_is_marked_once_and_the_bar_follows_it()
    {
        XElement svg = Draw(1);
        XElement fatal = Assert.Single(svg.Descendants("g"), group => Is("step fatal")(group));
        Assert.Equal("10", fatal.Attribute("data-step")!.Value);
        XElement bar = Assert.Single(svg.Descendants("rect"), rect => Is("fatal-box")(rect));
        Assert.True(BoxOf(bar).Y > BoxOf(fatal.Element("rect")!).Bottom);
    }

    [Fact]
    public void What_is_cut_short_is_whole_in_its_title()
    {
        XElement step = Assert.Single(Draw(1).Descendants("g"), group => (string?)group.Attribute("data-step") == "1");
        Assert.EndsWith("…", step.Elements("text").ElementAt(1).Value);
        Assert.EndsWith("return <NOTIFY> & \"more\";", Title(step));
    }

    private static XElement Draw(int incident) => TimelineSvg.Draw(SamplePage.Incidents[incident], "");

    private static string Title(XElement group) => group.Element("title")?.Value ?? "";

    private static Func<XElement, bool> Is(string kind) => element => (string?)element.Attribute("class") == kind;

    private static bool Contains(Box outer, Box inner) =>
        outer.X <= inner.X && outer.Y <= inner.Y && outer.Right >= inner.Right && outer.Bottom >= inner.Bottom;

    private static Box BoxOf(XElement rect) => new(Value(rect, "x"), Value(rect, "y"), Value(rect, "width"), Value(rect, "height"));

    private static double Value(XElement element, string name) => Number(element.Attribute(name)!.Value);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
