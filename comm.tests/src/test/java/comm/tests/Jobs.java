package comm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import comm.testkit.Eventually;
import comm.worker.JobResult;
import comm.worker.RankJob;
import comm.worker.RankLauncher;
import comm.worker.RankProgram;
import comm.worker.RunningJob;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A job of rank processes in a test, and what its ranks print. */
public final class Jobs implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final List<List<String>> lines = new ArrayList<>();
  private final RunningJob job;

  private Jobs(RankJob spec) throws IOException {
    for (int rank = 0; rank < spec.size(); rank++) {
      lines.add(new ArrayList<>());
    }
    job = RankLauncher.ofThisJvm().start(spec, (rank, isError, line) -> add(rank, line));
  }

  /** Starts a program of this module on the sim backend. */
  static Jobs start(int size, Class<?> program, String... arguments) throws IOException {
    return start(spec(size, program, arguments));
  }

  public static Jobs start(RankJob spec) throws IOException {
    return new Jobs(spec);
  }

  static RankJob spec(int size, Class<?> program, String... arguments) {
    return RankJob.of(size, RankProgram.parse("comm.tests/" + program.getName()))
        .withBackend("sim")
        .withArguments(List.of(arguments))
        .withWaitTimeout(Duration.ofMinutes(1));
  }

  private synchronized void add(int rank, String line) {
    lines.get(rank).add(line);
  }

  /** What a rank has printed up to now. */
  public synchronized List<String> lines(int rank) {
    return List.copyOf(lines.get(rank));
  }

  public void awaitLine(int rank, String line) {
    Eventually.holds(
        "rank " + rank + " prints \"" + line + "\"", PATIENCE, () -> lines(rank).contains(line));
  }

  public void awaitLineOfAll(String line) {
    for (int rank = 0; rank < job.size(); rank++) {
      awaitLine(rank, line);
    }
  }

  public ProcessHandle process(int rank) {
    return job.process(rank);
  }

  public JobResult result() throws InterruptedException {
    return job.await(PATIENCE)
        .orElseThrow(() -> new AssertionError(job + " still runs after " + PATIENCE));
  }

  public void assertSuccess() throws InterruptedException {
    JobResult result = result();
    assertEquals(0, result.exitCode(), result::report);
  }

  /** Sends a signal to a rank, as kill(1) does. */
  public void signal(int rank, String name) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", "-" + name, Long.toString(process(rank).pid()))
            .inheritIO()
            .start();
    if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
      throw new AssertionError("kill -" + name + " failed");
    }
  }

  @Override
  public void close() {
    job.close();
  }
}
