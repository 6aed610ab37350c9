package comm.examples.kernels;

import comm.api.Comparison;
import comm.worker.kernel.ChipMemory;
import comm.worker.kernel.RemotePointer;
import java.time.Duration;

/**
 * A barrier inside kernels, of signals alone: every rank adds 1 to its own word in each peer's row,
 * then waits until each word of its own row has come so far. Rows are counted up and never reset,
 * so a row can be used again by the next task, whose epoch is higher by one.
 */
final class MeshBarrier {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private MeshBarrier() {}

  /**
   * Meets the peers.
   *
   * @param row address of a row in this rank's window, one word of 8 bytes a rank
   * @param epoch how often this row has been met on, this time included
   */
  static void meet(ChipMemory memory, RemotePointer remote, long row, long epoch) {
    int rank = remote.context().rankId();
    int size = remote.context().rankNum();
    for (int peer = 0; peer < size; peer++) {
      if (peer != rank) {
        memory.notifyAdd(remote.to(row + (long) rank * Long.BYTES, peer), 1);
      }
    }
    for (int peer = 0; peer < size; peer++) {
      if (peer != rank) {
        memory.await(row + (long) peer * Long.BYTES, Comparison.GE, epoch, LIMIT);
      }
    }
  }
}
