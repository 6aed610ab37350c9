package comm.tests.ranks;

import comm.api.CommConfig;
import comm.api.CommContext;
import comm.api.Communicator;
import comm.api.Comparison;
import comm.api.WindowSet;
import java.time.Duration;

/**
 * Open, allocate, exchange, signal, barrier, close, on windows that are reached by copies; args:
 * cycles, bytes of a window, and the strategy that must have been taken.
 */
public final class DeviceLifecycle {

  private DeviceLifecycle() {}

  public static void main(String[] args) {
    int cycles = Integer.parseInt(args[0]);
    int bytes = Integer.parseInt(args[1]);
    CommConfig config = CommConfig.fromEnvironment();
    for (int cycle = 0; cycle < cycles; cycle++) {
      try (Communicator communicator = Communicator.open(config);
          WindowSet windows = communicator.allocateWindows(bytes)) {
        check(
            args[2].equals(windows.attributes().get("strategy")),
            "windows are " + windows.attributes());
        check(windows.size() >= bytes, "size " + windows.size());
        checkContext(communicator, windows);
        exchange(communicator, windows, bytes, cycle);
        signal(communicator, windows, bytes);
      }
    }
    System.out.println("done " + cycles);
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  private static void checkContext(Communicator communicator, WindowSet windows) {
    CommContext context = windows.context();
    check(context.rankId() == communicator.rank(), "rankId in " + context);
    check(context.rankNum() == communicator.size(), "rankNum in " + context);
    check(context.winSize() == windows.size(), "winSize in " + context);
    check(context.windowsIn().stream().noneMatch(address -> address == 0), "zero in " + context);
    check(
        context.windowsIn().stream().distinct().count() == communicator.size(),
        "an address twice in " + context);
    check(windows.deviceContext() != 0, "no device context");
  }

  /** Every byte of every window is written by its neighbour and read by all. */
  private static void exchange(Communicator communicator, WindowSet windows, int bytes, int cycle) {
    int size = communicator.size();
    byte[] all = new byte[bytes];
    windows.local().get(0, all);
    for (byte found : all) {
      check(found == 0, "window not zero in cycle " + cycle);
    }
    communicator.barrier();
    int right = (communicator.rank() + 1) % size;
    for (int i = 0; i < bytes; i++) {
      all[i] = value(right, i, cycle);
    }
    windows.of(right).put(0, all);
    communicator.barrier();
    for (int peer = 0; peer < size; peer++) {
      windows.of(peer).get(0, all);
      for (int i = 0; i < bytes; i++) {
        check(all[i] == value(peer, i, cycle), "byte " + i + " of rank " + peer + " is " + all[i]);
      }
    }
    communicator.barrier();
  }

  private static byte value(int rank, int at, int cycle) {
    return (byte) (31 * rank + 7 * at + cycle + 1);
  }

  /** Each rank tells all others, each in a word of its own, and waits for theirs. */
  private static void signal(Communicator communicator, WindowSet windows, int bytes) {
    int words = bytes / Long.BYTES;
    int size = Math.min(communicator.size(), words);
    int own = communicator.rank();
    if (own >= size) {
      return;
    }
    windows.local().put(0, new byte[size * Long.BYTES]);
    communicator.barrier();
    for (int peer = 0; peer < size; peer++) {
      windows.of(peer).signal((long) own * Long.BYTES, 100L + own);
    }
    for (int peer = 0; peer < size; peer++) {
      windows
          .local()
          .await((long) peer * Long.BYTES, Comparison.EQ, 100L + peer, Duration.ofSeconds(30));
    }
    communicator.barrier();
  }
}
