using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using KgdbSim.Cli.Exploring;
using Xunit.Abstractions;

namespace KgdbSim.Stub.Tests.Cli.Exploring;

/// <summary>
/// The report as a browser draws it. Where none is installed the page is only held to what its text says, see
/// <see cref="TimelineSvgTests"/>, and the test's output says so.
/// </summary>
public sealed partial class BrowserTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>Measures what was drawn. It is added to a copy of the page: the page itself has no script.</summary>
    private const string Measure = """
        <script>
        const complaints = [], boxOf = e => { const b = e.getBBox(); return [b.x, b.y, b.x + b.width, b.y + b.height]; };
        const inside = (a, b) => a[0] >= b[0] - 1 && a[1] >= b[1] - 1 && a[2] <= b[2] + 1 && a[3] <= b[3] + 1;
        const meet = (a, b) => a[0] < b[2] - 1 && b[0] < a[2] - 1 && a[1] < b[3] - 1 && b[1] < a[3] - 1;
        for (const svg of document.querySelectorAll('svg')) {
          const picture = [0, 0, svg.viewBox.baseVal.width, svg.viewBox.baseVal.height];
          const texts = [...svg.querySelectorAll('text')];
          for (const element of svg.querySelectorAll('rect, text'))
            if (!inside(boxOf(element), picture)) complaints.push('outside the picture: ' + element.outerHTML);
          for (const group of svg.querySelectorAll('g'))
            for (const text of group.querySelectorAll('text:not(.number)'))
              if (!inside(boxOf(text), boxOf(group.querySelector('rect')))) complaints.push('outside its box: ' + text.outerHTML);
          for (let i = 0; i < texts.length; i++)
            for (let j = i + 1; j < texts.length; j++)
              if (meet(boxOf(texts[i]), boxOf(texts[j]))) complaints.push(texts[i].outerHTML + ' meets ' + texts[j].outerHTML);
        }
        const count = selector => document.querySelectorAll(selector).length;
        const visible = [...document.querySelectorAll('svg, table')].every(e => e.getBoundingClientRect().height > 10);
        const clipped = document.documentElement.scrollWidth > document.documentElement.clientWidth;
        document.body.innerHTML = '<pre id="measured">' + btoa(unescape(encodeURIComponent(JSON.stringify({ complaints, visible,
          clipped, svgs: count('svg'), lanes: count('rect.lane'), steps: count('g.step'), frames: count('g.context'),
          fatal: count('g.fatal'), bars: count('g.fatal-bar'), titles: count('svg title') })))) + '</pre>';
        </script>
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("kgdbsim-browser").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Nothing_is_clipped_or_overlaps_and_everything_is_there()
    {
        int lanes = SamplePage.Incidents.Sum(incident => new Lanes(incident.Steps).All.Count);
        int steps = SamplePage.Incidents.Sum(incident => incident.Steps.Count);
        Drawn expected = new([], true, false, Svgs: 2, lanes, steps, Frames: 2 + 6, Fatal: 2, Bars: 2, Titles: 2 + 6 + steps + 2);
        if (Browser.Program is null)
        {
            output.WriteLine("no browser is installed (Debian: apt-get install chromium): the picture was not drawn");
            Assert.Equal(expected.Steps, Encoding.UTF8.GetString(SamplePage.Write()).Split("class=\"step").Length - 1 - expected.Steps);
            return;
        }

        string page = Path.Combine(_folder, "report.html");
        File.WriteAllText(page, Encoding.UTF8.GetString(SamplePage.Write()).Replace("</body>", Measure + "</body>"));
        string dump = Browser.Dump(page, _folder);
        Match measured = Measured().Match(dump);
        Assert.True(measured.Success, $"{Browser.Program} on {page}: {dump}");
        string json = Encoding.UTF8.GetString(Convert.FromBase64String(measured.Groups[1].Value));
        Drawn drawn = JsonSerializer.Deserialize<Drawn>(json, JsonSerializerOptions.Web)!;
        Assert.Empty(drawn.Complaints);
        Assert.Equal(expected with { Complaints = drawn.Complaints }, drawn);
    }

    [GeneratedRegex("<pre id=\"measured\">([^<]*)</pre>")]
    private static partial Regex Measured();

    private sealed record Drawn(
        string[] Complaints, bool Visible, bool Clipped, int Svgs, int Lanes, int Steps, int Frames, int Fatal, int Bars, int Titles);
}
