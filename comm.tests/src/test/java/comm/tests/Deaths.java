package comm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.testkit.Eventually;
import comm.tests.ranks.Barriers;
import comm.worker.JobResult;
import comm.worker.RankJob;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Kills a rank that others wait for, and looks when they notice. */
public final class Deaths {

  private Deaths() {}

  /** A job of so many ranks. */
  @FunctionalInterface
  public interface JobOfSize {
    RankJob of(int size) throws IOException;
  }

  /**
   * Kills the last rank of jobs of {@link Barriers}, which doesn't come to the last barrier. Half
   * of the runs have 2 ranks, half 4; the median must be under 100 ms.
   */
  public static void assertNoticedInTime(int runs, JobOfSize jobs, String backend)
      throws IOException, InterruptedException {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      millis.add(millisUntilAllNotice(jobs.of(i % 2 == 0 ? 2 : 4), backend));
    }
    millis.sort(null);
    System.out.println(backend + ": a killed rank was noticed after ms: " + millis);
    double median = (millis.get(runs / 2 - 1) + millis.get(runs / 2)) / 2;
    assertTrue(median < 100, () -> "all: " + millis);
  }

  /** A job of {@link Barriers} whose rank 1 doesn't come; its limit is 6 s, from COMM_TIMEOUT. */
  public static void assertStoppedIsAlive(RankJob spec) throws IOException, InterruptedException {
    try (Jobs job = Jobs.start(spec.withWaitTimeout(Duration.ofSeconds(6)))) {
      job.awaitLineOfAll("ready");
      job.signal(1, "STOP");
      Eventually.holds(
          "rank 0 has failed",
          Duration.ofSeconds(20),
          () -> job.lines(0).stream().anyMatch(line -> line.startsWith("CommTimeout")));
      String message =
          job.lines(0).stream().filter(line -> line.startsWith("CommTimeout")).toList().get(0);
      assertTrue(
          message.contains("(limit 6.0 s, from environment variable COMM_TIMEOUT)"), message);
      assertTrue(message.contains("1 of 2 ranks came, missing rank 1 (alive, pid "), message);
      assertTrue(message.contains("stopped by a signal"), message);
      job.signal(1, "CONT");
      job.result();
    }
  }

  /** Starts two ranks that go on for long, so many times, and kills both at some moment. */
  public static void killAllAtAnyMoment(int times, JobOfSize jobs)
      throws IOException, InterruptedException {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < times; i++) {
      try (Jobs job = Jobs.start(jobs.of(2))) {
        long started = System.nanoTime();
        long delay = (long) (random.nextDouble() * 1.5e9);
        Eventually.holds(
            "time to kill", Duration.ofSeconds(5), () -> System.nanoTime() - started > delay);
        job.process(0).destroyForcibly();
        job.process(1).destroyForcibly();
      }
    }
  }

  /** Milliseconds from the kill until the last of the others has its exception. */
  private static double millisUntilAllNotice(RankJob spec, String backend)
      throws IOException, InterruptedException {
    int size = spec.size();
    int victim = size - 1;
    try (Jobs job = Jobs.start(spec)) {
      job.awaitLineOfAll("ready");
      long killed = System.nanoTime();
      job.process(victim).destroyForcibly();
      long last = killed;
      for (int rank = 0; rank < victim; rank++) {
        int survivor = rank;
        Eventually.holds(
            "rank " + rank + " has failed",
            Duration.ofSeconds(20),
            () -> job.lines(survivor).stream().anyMatch(line -> line.startsWith("PeerFailed")));
        List<String> lines = job.lines(rank);
        String message = lines.get(lines.size() - 1);
        assertTrue(
            message.startsWith(
                "PeerFailedException: barrier on rank "
                    + rank
                    + " of "
                    + size
                    + " ("
                    + backend
                    + ") failed"),
            message);
        assertTrue(message.contains("rank " + victim + " (dead, pid "), message);
        String time = lines.get(lines.size() - 2).substring("failed at ".length());
        last = Math.max(last, Long.parseLong(time));
      }
      JobResult result = job.result();
      assertEquals(victim, result.firstFailed().orElseThrow());
      assertEquals(128 + 9, result.exitCode(), result::report);
      return (last - killed) / 1e6;
    }
  }
}
