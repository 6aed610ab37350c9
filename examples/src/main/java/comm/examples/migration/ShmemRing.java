package comm.examples.migration;

import comm.api.CommConfig;
import comm.api.Communicator;
import comm.api.Comparison;
import comm.api.Window;
import comm.api.WindowSet;
import java.util.Arrays;

/**
 * Every rank gets the block of every other rank: an allgather, which OpenSHMEM calls {@code
 * shmem_fcollect}, by hand. Blocks go round a ring, each put followed by a signal, as with {@code
 * shmem_put_signal}.
 */
final class ShmemRing {

  /** Longs of a block. */
  private static final int BLOCK = 1024;

  private ShmemRing() {}

  /** Runs one rank; the launcher has said which one. */
  public static void main(String[] args) {
    // @start region="ring"
    CommConfig config = CommConfig.fromEnvironment();
    int size = config.size();
    long blockBytes = (long) BLOCK * Long.BYTES;
    long arrived = size * blockBytes; // a signal word behind the blocks: how many have come
    try (Communicator communicator = Communicator.open(config);
        WindowSet windows = communicator.allocateWindows(arrived + Long.BYTES)) {
      int rank = communicator.rank();
      Window mine = windows.local();
      Window next = windows.of((rank + 1) % size);
      mine.put(rank * blockBytes, blockOf(rank));
      communicator.barrier(); // shmem_malloc ends with one

      long[] block = new long[BLOCK];
      for (int step = 0; step < size - 1; step++) {
        long offset = (rank - step + size) % size * blockBytes;
        mine.get(offset, block);
        next.put(offset, block); // shmem_put_signal, in two calls:
        next.signal(arrived, step + 1); // whoever awaits this sees the put
        mine.await(arrived, Comparison.GE, step + 1); // shmem_signal_wait_until
      }
      check(rank, size, mine);
      communicator.barrier(); // shmem_free begins with one, close is none
      System.out.printf("OK: rank %d of %d has all %d blocks%n", rank, size, size);
    }
    // @end
  }

  private static long[] blockOf(int rank) {
    long[] block = new long[BLOCK];
    Arrays.setAll(block, i -> 1_000_000L * (rank + 1) + i);
    return block;
  }

  private static void check(int rank, int size, Window mine) {
    long[] block = new long[BLOCK];
    for (int peer = 0; peer < size; peer++) {
      mine.get((long) peer * BLOCK * Long.BYTES, block);
      if (!Arrays.equals(block, blockOf(peer))) {
        throw new IllegalStateException("rank " + rank + " has a wrong block of rank " + peer);
      }
    }
  }
}
