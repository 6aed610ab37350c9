package comm.cli.bench;

import comm.api.CommConfig;
import comm.api.Communicator;
import comm.api.WindowSet;
import org.HdrHistogram.Histogram;

/**
 * Measures opening a communicator, allocating windows and closing, again and again in the same JVMs
 * and on the same path. Its argument is how often, 0 for the default.
 */
final class LifecycleBench {

  private static final int WARM_UP = 200;
  private static final int DEFAULT = 500;
  private static final long WINDOW_BYTES = 1 << 20;

  private final Histogram open = new Histogram(3);
  private final Histogram allocate = new Histogram(3);
  private final Histogram close = new Histogram(3);
  private final Histogram total = new Histogram(3);

  private LifecycleBench() {}

  /** Runs one rank. */
  public static void main(String[] args) {
    int iterations = Integer.parseInt(args[0]);
    CommConfig config = CommConfig.fromEnvironment();
    LifecycleBench measured = new LifecycleBench();
    LifecycleBench warmUp = new LifecycleBench();
    int count = iterations > 0 ? iterations : DEFAULT;
    for (int i = 0; i < WARM_UP + count; i++) {
      (i < WARM_UP ? warmUp : measured).live(config);
    }
    if (config.rank() == 0) {
      measured.print(config.size());
    }
  }

  private void live(CommConfig config) {
    long start = System.nanoTime();
    Communicator communicator = Communicator.open(config);
    long opened = System.nanoTime();
    WindowSet windows = communicator.allocateWindows(WINDOW_BYTES);
    long allocated = System.nanoTime();
    windows.close();
    communicator.close();
    long closed = System.nanoTime();
    open.recordValue(opened - start);
    allocate.recordValue(allocated - opened);
    close.recordValue(closed - allocated);
    total.recordValue(closed - start);
  }

  private void print(int size) {
    print(size, "open", open);
    print(size, "allocate 1 MiB", allocate);
    print(size, "close", close);
    print(size, "all", total);
  }

  private static void print(int size, String what, Histogram histogram) {
    new BenchRow()
        .with("ranks", size)
        .with("what", what)
        .with("times", histogram.getTotalCount())
        .withNumber("min ms", histogram.getMinValue() / 1e6)
        .withNumber("p50 ms", histogram.getValueAtPercentile(50) / 1e6)
        .withNumber("p90 ms", histogram.getValueAtPercentile(90) / 1e6)
        .withNumber("p99 ms", histogram.getValueAtPercentile(99) / 1e6)
        .withNumber("max ms", histogram.getMaxValue() / 1e6)
        .print();
  }
}
