package comm.cli.bench;

import com.sun.management.ThreadMXBean;
import comm.api.CommConfig;
import comm.api.Communicator;
import comm.api.Window;
import comm.api.WindowSet;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;

/**
 * Measures rank 0 putting to, or getting from, the window of the last rank, and the same copy
 * between two direct buffers of rank 0. The others wait meanwhile. Its arguments are {@code put} or
 * {@code get}, and the number of operations to measure, 0 for as many as fit into the time.
 */
final class CopyBench {

  private static final int[] SIZES = {8, 4096, 1 << 20};
  private static final int ROUNDS = 11;
  private static final double ROUND_NANOS = 0.1e9;
  private static final Duration WAIT = Duration.ofMinutes(10);

  /** Takes what is read, so that reading can't be left out. */
  private static long sink;

  /** Single words lie in the first 64 KiB, eight bytes apart at least. */
  private static final int WORDS_MASK = 0xfff8;

  private interface Operation {
    void repeat(long count);
  }

  private CopyBench() {}

  /** Runs one rank. */
  public static void main(String[] args) {
    boolean isPut = args[0].equals("put");
    long iterations = Long.parseLong(args[1]);
    try (Communicator communicator = Communicator.open(CommConfig.fromEnvironment());
        WindowSet windows = communicator.allocateWindows(1 << 20)) {
      if (communicator.rank() == 0) {
        for (int size : SIZES) {
          compare(communicator, windows.of(communicator.size() - 1), isPut, size, iterations);
        }
      }
      communicator.barrier(WAIT);
      if (sink == Long.MIN_VALUE) {
        System.err.println("the sum of all that was read happens to be " + sink);
      }
    }
  }

  private static void compare(
      Communicator communicator, Window window, boolean isPut, int size, long iterations) {
    Operation ours = ours(window, isPut, size);
    Operation rival = rival(isPut, size);
    long oursCount = iterations > 0 ? Math.max(1, iterations / ROUNDS) : warmUp(ours);
    long rivalCount = iterations > 0 ? Math.max(1, iterations / ROUNDS) : warmUp(rival);
    double[] oursNanos = new double[ROUNDS];
    double[] rivalNanos = new double[ROUNDS];
    double[] oursBytes = new double[ROUNDS];
    double[] rivalBytes = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      measure(ours, oursCount, oursNanos, oursBytes, round);
      measure(rival, rivalCount, rivalNanos, rivalBytes, round);
    }
    double rivalMedian = median(rivalNanos);
    String name = communicator.backend() + (isPut ? " put" : " get");
    print(size, name, median(oursNanos), median(oursBytes), rivalMedian);
    print(size, "direct buffers", rivalMedian, median(rivalBytes), rivalMedian);
  }

  /**
   * Jumps about, since the compiler leaves all but the last of many writes to the same place out,
   * and merges those side by side.
   */
  private static int wordOf(long i) {
    return (int) (i * 33 * Long.BYTES) & WORDS_MASK;
  }

  private static Operation ours(Window window, boolean isPut, int size) {
    if (size == Long.BYTES) {
      return isPut
          ? count -> {
            for (long i = 0; i < count; i++) {
              window.putLong(wordOf(i), i);
            }
          }
          : count -> {
            long sum = 0;
            for (long i = 0; i < count; i++) {
              sum += window.getLong(wordOf(i));
            }
            sink += sum;
          };
    }
    ByteBuffer buffer = ByteBuffer.allocateDirect(size);
    return isPut
        ? count -> {
          for (long i = 0; i < count; i++) {
            buffer.clear();
            window.put(0, buffer);
          }
        }
        : count -> {
          for (long i = 0; i < count; i++) {
            buffer.clear();
            window.get(0, buffer);
          }
        };
  }

  private static Operation rival(boolean isPut, int size) {
    int capacity = Math.max(size, WORDS_MASK + Long.BYTES);
    ByteBuffer from = ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder());
    ByteBuffer to = ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder());
    if (size == Long.BYTES) {
      return isPut
          ? count -> {
            for (long i = 0; i < count; i++) {
              to.putLong(wordOf(i), i);
            }
          }
          : count -> {
            long sum = 0;
            for (long i = 0; i < count; i++) {
              sum += from.getLong(wordOf(i));
            }
            sink += sum;
          };
    }
    return count -> {
      for (long i = 0; i < count; i++) {
        from.clear().limit(size);
        to.clear();
        to.put(from);
      }
    };
  }

  /** Runs until the compiler is done with it, and says how many fit into a round. */
  private static long warmUp(Operation operation) {
    long count = 1000;
    long nanos = 0;
    for (int i = 0; i < 30; i++) {
      long start = System.nanoTime();
      operation.repeat(count);
      nanos = Math.max(1, System.nanoTime() - start);
      count = Math.max(1, (long) (count * Math.min(4, ROUND_NANOS / nanos)));
    }
    return count;
  }

  private static void measure(
      Operation operation, long count, double[] nanos, double[] bytes, int round) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long bytesBefore = threads.getThreadAllocatedBytes(thread);
    long start = System.nanoTime();
    operation.repeat(count);
    nanos[round] = (System.nanoTime() - start) / (double) count;
    bytes[round] = (threads.getThreadAllocatedBytes(thread) - bytesBefore) / (double) count;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static void print(int size, String what, double nanos, double bytes, double rival) {
    new BenchRow()
        .with("bytes", size)
        .with("what", what)
        .withNumber("ns/op", nanos)
        .withNumber("GB/s", size / nanos)
        .withNumber("allocated B/op", bytes)
        .withNumber("ratio", rival / nanos)
        .print();
  }
}
