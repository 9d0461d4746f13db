using System.Text;
using System.Xml.Linq;
using KgdbSim.Cli.Exploring;

namespace KgdbSim.Stub.Tests.Cli.Exploring;

public sealed class HtmlReportTests
{
    private static readonly string Page = Encoding.UTF8.GetString(SamplePage.Write());

    private static readonly XElement Document = XElement.Parse(Page[Page.IndexOf('\n')..]);

    [Theory]
    [InlineData("http")]
    [InlineData("<script")]
    [InlineData("src=")]
    [InlineData("href=")]
    [InlineData("url(")]
    [InlineData("@import")]
    [InlineData("<link")]
    public void The_page_needs_nothing_but_itself(string reference) => Assert.DoesNotContain(reference, Page);

    [Fact]
    public void It_is_html_and_well_formed()
    {
        Assert.StartsWith("<!DOCTYPE html>\n<html lang=\"en\">", Page);
        Assert.Equal("kgdbsim explore <XS>", Document.Element("head")!.Element("title")!.Value);
        Assert.Contains("prefers-color-scheme: dark", Page);
    }

    [Fact]
    public void An_html_reader_closes_no_element_too_early() =>
        Assert.DoesNotMatch("<(?!meta|br|rect)[a-z0-9]+(?: [^>]*)?/>", Page);

    [Fact]
    public void Every_violation_has_what_and_how_to_see_it_again()
    {
        XElement[] sections = [.. Document.Descendants("section")];
        Assert.Equal(SamplePage.Incidents.Count, sections.Length);
        Assert.All(sections.Zip(SamplePage.Incidents), pair =>
        {
            Assert.Contains(IncidentText.Headline(pair.Second), pair.First.Element("h2")!.Value);
            Assert.Contains(pair.Second.Sentence, pair.First.Elements("p").Select(paragraph => paragraph.Value));
            Assert.Contains(pair.Second.ReplayCommand, pair.First.Descendants("code").Select(code => code.Value));
            Assert.Equal(pair.Second.Steps.Count > 0 ? 1 : 0, pair.First.Descendants("svg").Count());
        });
    }

    [Fact]
    public void The_table_marks_the_fatal_step()
    {
        XElement section = Document.Descendants("section").First();
        XElement fatal = Assert.Single(section.Descendants("tr"), row => (string?)row.Attribute("class") == "fatal");
        Assert.Equal("3", fatal.Element("td")!.Value);
    }

    [Fact]
    public void The_results_are_a_table() => Assert.Equal(
        ["violated", "exhausted"],
        Document.Element("body")!.Descendants("td").Select(cell => (string?)cell.Attribute("class"))
            .Where(kind => kind is "violated" or "exhausted"));
}
