using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("KgdbSim.Target.Tests")]
[assembly: InternalsVisibleTo("KgdbSim.Protocol.Tests")]
[assembly: InternalsVisibleTo("KgdbSim.Exploration.Tests")]
[assembly: InternalsVisibleTo("KgdbSim.Kernel.Tests")]
[assembly: InternalsVisibleTo("KgdbSim.Stub.Tests")]
[assembly: InternalsVisibleTo("KgdbSim.Gdb.Tests")]
[assembly: InternalsVisibleTo("KgdbSim.Differential.Tests")]
