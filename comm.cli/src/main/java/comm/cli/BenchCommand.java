package comm.cli;

import comm.api.CommContext;
import comm.cli.bench.BenchRow;
import comm.worker.JobOutcome;
import comm.worker.JobResult;
import comm.worker.RankJob;
import comm.worker.RankLauncher;
import comm.worker.RankOutput;
import comm.worker.RankProgram;
import comm.worker.RunningJob;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ranks bench}: measures, side by side with a rival, in processes of their own. */
@Command(
    name = "bench",
    header = "Measures a primitive side by side with a rival, in the same run.",
    description = {
      "",
      "Ratio is the rival's median divided by ours: above 1 we are faster. Leave the machine alone"
          + " meanwhile.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ranks bench barrier -n 2,4,8",
      "  ranks bench put --json",
      "  ranks bench lifecycle --iterations 1000",
      "  ranks bench task -n 1,2"
    },
    synopsisSubcommandLabel = "COMMAND")
final class BenchCommand implements Runnable {

  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final String PACKAGE = "comm.cli.bench";

  @Spec private @Nullable CommandSpec spec;

  /** The options of every benchmark. */
  static final class Options {
    @Option(
        names = {"-n", "--ranks"},
        split = ",",
        paramLabel = "COUNT",
        description = "Numbers of ranks, one run each; otherwise 2.")
    private List<Integer> sizes = new ArrayList<>();

    @Option(
        names = "--iterations",
        paramLabel = "COUNT",
        description = "Operations to measure; otherwise as many as fit into a few seconds.")
    private int iterations;

    @Option(names = "--backend", paramLabel = "NAME", description = "Backend to measure.")
    private @Nullable String backend;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;
  }

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(), "Missing what to measure");
  }

  @Command(
      name = "barrier",
      header = "Latency of a barrier; the rival is a star over loopback TCP.",
      description = {
        "",
        "The percentiles are of single barriers as rank 0 sees them, clock included. The last"
            + " median is of the mean over 100 barriers in a row, which the clock doesn't disturb;"
            + " the ratio is of these.",
        ""
      })
  int barrier(@Mixin Options options) throws IOException, InterruptedException {
    return measure("BarrierBench", List.of(), options);
  }

  @Command(
      name = "put",
      header = "Writing to another rank's window; the rival copies inside one process.",
      description = {"", "Times are medians over rounds, each of many operations.", ""})
  int put(@Mixin Options options) throws IOException, InterruptedException {
    return measure("CopyBench", List.of("put"), options);
  }

  @Command(
      name = "get",
      header = "Reading from another rank's window; the rival copies inside one process.",
      description = {"", "Times are medians over rounds, each of many operations.", ""})
  int get(@Mixin Options options) throws IOException, InterruptedException {
    return measure("CopyBench", List.of("get"), options);
  }

  @Command(
      name = "lifecycle",
      header = "Opening a communicator, allocating 1 MiB windows, closing, in warm JVMs.",
      description = {"", "As rank 0 sees it, waiting for the other ranks included.", ""})
  int lifecycle(@Mixin Options options) throws IOException, InterruptedException {
    return measure("LifecycleBench", List.of(), options);
  }

  @Command(
      name = "task",
      header = "A task's way from the driver to all chips and back; the rival is loopback TCP.",
      description = {
        "",
        "-n is the number of chips, each a process that one driver drives; otherwise 1. A run"
            + " submits a task that does nothing to each chip and waits for all. The last columns"
            + " are what the driver and the chips hold more after all runs than before.",
        ""
      })
  int task(@Mixin Options options) throws IOException, InterruptedException {
    List<RankJob> jobs = new ArrayList<>();
    for (int chips : options.sizes.isEmpty() ? List.of(1) : options.sizes) {
      if (chips < 1 || chips > CommContext.MAX_RANKS) {
        throw new ParameterException(
            Objects.requireNonNull(spec).commandLine(),
            "a worker has 1 to " + CommContext.MAX_RANKS + " chips, not " + chips);
      }
      jobs.add(job("TaskBench", 1, List.of(Integer.toString(chips)), options));
    }
    return measure(jobs, options);
  }

  private int measure(String program, List<String> arguments, Options options)
      throws IOException, InterruptedException {
    List<RankJob> jobs = new ArrayList<>();
    for (int size : options.sizes.isEmpty() ? List.of(2) : options.sizes) {
      jobs.add(job(program, size, arguments, options));
    }
    return measure(jobs, options);
  }

  private int measure(List<RankJob> jobs, Options options)
      throws IOException, InterruptedException {
    warnOfLoad();
    Collector collector = new Collector(Objects.requireNonNull(spec).commandLine().getErr());
    for (RankJob job : jobs) {
      JobResult result;
      try (RunningJob running = RankLauncher.ofThisJvm().start(job, collector)) {
        result = running.await();
      }
      if (result.outcome() != JobOutcome.SUCCEEDED) {
        collector.err.println(result.report());
        return result.exitCode();
      }
    }
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (options.json) {
      out.println(Json.of(collector.rows));
    } else {
      Table table = new Table();
      table.row(collector.rows.get(0).keySet());
      collector.rows.forEach(
          row -> table.row(row.values().stream().map(Object::toString).toList()));
      out.println(table.text());
    }
    return 0;
  }

  /** Spinning ranks suffer most from other processes, so figures from a busy machine mislead. */
  private void warnOfLoad() {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    double load = system.getSystemLoadAverage();
    if (load > system.getAvailableProcessors() / 2.0) {
      Objects.requireNonNull(spec)
          .commandLine()
          .getErr()
          .printf(
              Locale.ROOT,
              "ranks: this machine is busy, load %.1f on %d CPUs; don't trust the figures%n",
              load,
              system.getAvailableProcessors());
    }
  }

  private RankJob job(String program, int size, List<String> arguments, Options options) {
    String module = BenchCommand.class.getModule().getName();
    RankProgram placed = new RankProgram(Optional.ofNullable(module), PACKAGE + "." + program);
    List<String> all = new ArrayList<>(arguments);
    all.add(Integer.toString(options.iterations));
    try {
      if (options.iterations < 0) {
        throw new IllegalArgumentException("--iterations must be at least 1");
      }
      RankJob job = RankJob.of(size, placed).withArguments(all).withTimeLimit(LIMIT);
      return options.backend == null ? job : job.withBackend(options.backend);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(), Objects.requireNonNull(e.getMessage()), e);
    }
  }

  /** Keeps the rows that rank 0 prints and shows everything else. */
  private static final class Collector implements RankOutput {

    private final PrintWriter err;
    private final List<Map<String, Object>> rows = new ArrayList<>();

    Collector(PrintWriter err) {
      this.err = err;
    }

    @Override
    public void line(int rank, boolean isError, String line) {
      Optional<Map<String, Object>> row = BenchRow.parse(line);
      if (row.isPresent()) {
        rows.add(row.get());
      } else {
        err.println("[" + rank + "] " + line);
      }
    }
  }
}
