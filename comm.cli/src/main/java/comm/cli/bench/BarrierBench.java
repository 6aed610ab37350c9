package comm.cli.bench;

import comm.api.CommConfig;
import comm.api.Communicator;
import comm.api.WindowSet;
import java.io.IOException;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Measures barriers, ours and over TCP, in turns in the same processes. Its argument is the number
 * of barriers to measure, 0 for as many as fit into the time.
 */
final class BarrierBench {

  private static final double WARM_UP_NANOS = 2e9;

  /** So often a rank must have met before its barrier is compiled, however slow the first ones. */
  private static final long WARM_UP = 15_000;

  private static final double ROUND_NANOS = 0.7e9;
  private static final int ROUNDS = 3;
  private static final int PROBE = 200;
  private static final int BATCH = 100;
  private static final long COUNT_OFFSET = 8;

  private final Communicator communicator;
  private final WindowSet windows;
  private final long iterations;

  private interface Meeting {
    void meet() throws IOException;
  }

  private static final class Subject {
    private final String name;
    private final Meeting meeting;
    private final Histogram singles = new Histogram(3);
    private final Histogram batches = new Histogram(3);
    private long perRound;

    Subject(String name, Meeting meeting) {
      this.name = name;
      this.meeting = meeting;
    }
  }

  private BarrierBench(Communicator communicator, WindowSet windows, long iterations) {
    this.communicator = communicator;
    this.windows = windows;
    this.iterations = iterations;
  }

  /** Runs one rank. */
  public static void main(String[] args) throws IOException {
    try (Communicator communicator = Communicator.open(CommConfig.fromEnvironment());
        WindowSet windows = communicator.allocateWindows(64);
        TcpStar star = new TcpStar(communicator, windows)) {
      Subject ours = new Subject(communicator.backend() + " barrier", communicator::barrier);
      Subject rival = new Subject("TCP star", star::barrier);
      new BarrierBench(communicator, windows, Long.parseLong(args[0])).run(ours, rival);
    }
  }

  private void run(Subject ours, Subject rival) throws IOException {
    for (Subject subject : List.of(ours, rival)) {
      meet(subject, agree(Math.max(WARM_UP, countFor(subject, WARM_UP_NANOS))));
      long count = iterations > 0 ? iterations / ROUNDS : countFor(subject, ROUND_NANOS);
      subject.perRound = agree(Math.max(BATCH, count));
    }
    for (int round = 0; round < ROUNDS; round++) {
      measure(ours);
      measure(rival);
    }
    if (communicator.rank() == 0) {
      print(ours, rival);
      print(rival, rival);
    }
  }

  private static void meet(Subject subject, long count) throws IOException {
    for (long i = 0; i < count; i++) {
      subject.meeting.meet();
    }
  }

  /** How many barriers take so long, by what the last few took. */
  private static long countFor(Subject subject, double nanos) throws IOException {
    long start = System.nanoTime();
    meet(subject, PROBE);
    double each = (System.nanoTime() - start) / (double) PROBE;
    return Math.max(1, (long) (nanos / each));
  }

  /** All ranks must meet equally often, so they take what rank 0 has reckoned. */
  private long agree(long count) {
    windows.local().putLong(COUNT_OFFSET, count);
    communicator.barrier();
    long agreed = windows.of(0).getLong(COUNT_OFFSET);
    communicator.barrier();
    return agreed;
  }

  private static void measure(Subject subject) throws IOException {
    meet(subject, BATCH);
    for (long i = 0; i < subject.perRound; i++) {
      long start = System.nanoTime();
      subject.meeting.meet();
      subject.singles.recordValue(System.nanoTime() - start);
    }
    for (long i = 0; i < subject.perRound / BATCH; i++) {
      long start = System.nanoTime();
      meet(subject, BATCH);
      subject.batches.recordValue(System.nanoTime() - start);
    }
  }

  private void print(Subject subject, Subject rival) {
    Histogram singles = subject.singles;
    new BenchRow()
        .with("ranks", communicator.size())
        .with("what", subject.name)
        .with("barriers", singles.getTotalCount())
        .withNumber("min us", singles.getMinValue() / 1e3)
        .withNumber("p50 us", singles.getValueAtPercentile(50) / 1e3)
        .withNumber("p90 us", singles.getValueAtPercentile(90) / 1e3)
        .withNumber("p99 us", singles.getValueAtPercentile(99) / 1e3)
        .withNumber("max us", singles.getMaxValue() / 1e3)
        .withNumber("p50 of 100 us", batchMicros(subject))
        .withNumber("ratio", batchMicros(rival) / batchMicros(subject))
        .print();
  }

  private static double batchMicros(Subject subject) {
    return subject.batches.getValueAtPercentile(50) / 1e3 / BATCH;
  }
}
