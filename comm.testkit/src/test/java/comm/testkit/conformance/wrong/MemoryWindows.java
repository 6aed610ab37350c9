package comm.testkit.conformance.wrong;

import comm.api.CommContext;
import comm.api.Comparison;
import comm.api.spi.AccessFailures;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendWindows;
import comm.api.spi.HostMemory;
import comm.api.spi.SignalOperation;
import comm.api.spi.WaitLimit;
import comm.api.spi.WindowMemory;

/** The windows of one allocation as one rank has them. */
final class MemoryWindows implements BackendWindows {

  /** Far from the windows; nobody can read there. */
  private static final long CONTEXTS = 0x1000_0000_0000L;

  private final MemorySession session;
  private final MemoryRound round;
  private final long bytes;

  MemoryWindows(MemorySession session, MemoryRound round, long bytes) {
    this.session = session;
    this.round = round;
    this.bytes = bytes;
  }

  @Override
  public long size() {
    return bytes;
  }

  @Override
  public CommContext context() {
    return new CommContext(
        0, 0, session.rank(), session.group.size, bytes, round.addresses, round.addresses);
  }

  @Override
  public long deviceContext() {
    return round.addresses.get(session.rank()) - CONTEXTS;
  }

  @Override
  public WindowMemory memory(int rank, AccessFailures failures) {
    return round.windows.get(rank);
  }

  @Override
  public void signal(int rank, long offset, SignalOperation operation, long operand) {
    HostMemory window = round.windows.get(rank);
    if (operation == SignalOperation.SET) {
      window.putLongRelease(offset, operand);
    } else {
      long unused = window.getAndAddLong(offset, operand);
    }
    session.group.wake();
  }

  @Override
  public long await(int rank, long offset, Comparison comparison, long operand, WaitLimit limit)
      throws BackendFailure {
    HostMemory window = round.windows.get(rank);
    long[] word = new long[1];
    session.group.await(
        session,
        limit,
        () -> {
          word[0] = window.getLongAcquire(offset);
          return comparison.holds(word[0], operand);
        },
        () -> false,
        other -> other != session.rank() && session.group.isAlone(session.rank()));
    return word[0];
  }

  @Override
  public void close(WaitLimit limit) {}
}
