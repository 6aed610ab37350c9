package comm.cli;

import comm.worker.JobOutcome;
import comm.worker.JobResult;
import comm.worker.RankExit;
import comm.worker.RankJob;
import comm.worker.RankLauncher;
import comm.worker.RunningJob;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ranks run}: runs a program on several ranks. */
@Command(
    name = "run",
    header = "Runs a program on several ranks, each a process of its own.",
    description = {
      "",
      "Every line that a rank prints has the rank in front. When a rank fails, the others get a"
          + " short time to fail by themselves and are then stopped; the rank that failed first is"
          + " reported, and its exit code is that of this command.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every rank ended with 0",
      "2:the command line is wrong",
      "69:the program was not found",
      "70:a rank left without closing its communicator",
      "124:the time limit expired",
      "130:stopped by Ctrl-C",
      "128+n:a rank was killed by signal n, such as 137 for SIGKILL",
      "other:that of the rank that failed first; 1 stands for an exception"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ranks run -n 4 allreduce",
      "  ranks run -n 8 --timeout 10s --time-limit 5m ring",
      "  ranks run -n 2 -J-Xmx1g -cp target/classes com.acme.Main --steps 100",
      "  ranks run -n 2 -p target/mods com.acme.solver/com.acme.solver.Main"
    })
final class RunCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-n", "--ranks"},
      paramLabel = "COUNT",
      defaultValue = "1",
      description =
          "Number of ranks, 1 to 64; 1 unless it is said, as for a program that drives chips of its"
              + " own.")
  private int size;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "Backend to use; otherwise COMM_BACKEND, or the only usable one.")
  private @Nullable String backend;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long a rank may wait for the others, such as 30s; otherwise 2 minutes.")
  private @Nullable Duration timeout;

  @Option(
      names = "--time-limit",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long all may take before they are stopped; otherwise no limit.")
  private @Nullable Duration timeLimit;

  @Option(
      names = {"-cp", "--class-path"},
      paramLabel = "PATH",
      description = "Jars and directories with the program's classes.")
  private String classPath = "";

  @Option(
      names = {"-p", "--module-path"},
      paramLabel = "PATH",
      description = "Modules of the program.")
  private String modulePath = "";

  @Option(
      names = "-J",
      paramLabel = "OPTION",
      description = "Option for each rank's JVM, such as -J-Xmx1g; as often as needed.")
  private List<String> jvmOptions = new ArrayList<>();

  @Option(
      names = "--json",
      description = "Print the result as JSON; what the ranks print goes to standard error.")
  private boolean json;

  @Parameters(
      index = "0",
      paramLabel = "PROGRAM",
      description = "An example's name, module/package.Class, or package.Class.")
  private String program = "";

  @Parameters(index = "1..*", paramLabel = "ARGS", description = "Arguments of the program.")
  private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    CommandLine line = Objects.requireNonNull(spec).commandLine();
    PrintWriter err = line.getErr();
    JobResult result;
    try (RunningJob running = start(json ? err : line.getOut(), err)) {
      result = running.await();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(line, Objects.requireNonNull(e.getMessage()), e);
    }
    if (result.outcome() != JobOutcome.SUCCEEDED) {
      err.println(result.report());
    }
    if (json) {
      line.getOut().println(Json.of(asMap(result)));
    }
    return result.exitCode();
  }

  private RunningJob start(PrintWriter ranksOut, PrintWriter err) throws IOException {
    return RankLauncher.ofThisJvm().start(job(), new RankPrinter(size, ranksOut, err, json));
  }

  private RankJob job() throws IOException {
    boolean hasOwnPath = !classPath.isEmpty() || !modulePath.isEmpty();
    RankJob job =
        RankJob.of(size, Programs.find(program, hasOwnPath))
            .withArguments(arguments)
            .withJvmOptions(jvmOptions)
            .withPaths(entries(classPath), entries(modulePath));
    if (backend != null) {
      job = job.withBackend(backend);
    }
    if (timeout != null) {
      job = job.withWaitTimeout(timeout);
    }
    if (timeLimit != null) {
      job = job.withTimeLimit(timeLimit);
    }
    return job;
  }

  private static List<Path> entries(String path) {
    return Stream.of(path.split(File.pathSeparator))
        .filter(entry -> !entry.isEmpty())
        .map(Path::of)
        .toList();
  }

  private static Map<String, Object> asMap(JobResult result) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("outcome", result.outcome());
    map.put("exitCode", result.exitCode());
    map.put("firstFailed", result.firstFailure().map(RankExit::rank));
    map.put("seconds", result.duration().toMillis() / 1e3);
    map.put("ranks", result.ranks().stream().map(RunCommand::asMap).toList());
    return map;
  }

  private static Map<String, Object> asMap(RankExit exit) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("rank", exit.rank());
    map.put("pid", exit.pid());
    map.put("exitCode", exit.code());
    map.put("signal", exit.signal());
    map.put("stopped", exit.stopped());
    map.put("seconds", exit.duration().toMillis() / 1e3);
    map.put("lastLines", exit.lastLines());
    return map;
  }
}
