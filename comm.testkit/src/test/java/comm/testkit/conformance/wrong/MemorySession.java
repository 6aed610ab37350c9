package comm.testkit.conformance.wrong;

import comm.api.RankStatus;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendSession;
import comm.api.spi.BackendWindows;
import comm.api.spi.WaitLimit;
import java.util.List;

/** One rank of a group. */
final class MemorySession implements BackendSession {

  final MemoryGroup group;
  volatile boolean cancelled;
  private final int rank;

  MemorySession(MemoryGroup group, int rank) {
    this.group = group;
    this.rank = rank;
  }

  int rank() {
    return rank;
  }

  @Override
  public BackendWindows allocateWindows(long bytes, WaitLimit limit) throws BackendFailure {
    return new MemoryWindows(this, group.meet(this, "allocateWindows", bytes, limit), bytes);
  }

  @Override
  public void barrier(WaitLimit limit) throws BackendFailure {
    group.meet(this, "barrier", 0, limit);
  }

  @Override
  public List<RankStatus> peers() {
    return group.peers();
  }

  @Override
  public void cancel() {
    cancelled = true;
    group.wake();
  }

  @Override
  public void close(WaitLimit limit) {
    group.leave(this);
  }
}
