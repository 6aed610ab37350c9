package comm.backend.sim;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import comm.api.CommContext;
import comm.api.Comparison;
import comm.api.spi.AccessFailures;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendWindows;
import comm.api.spi.HostMemory;
import comm.api.spi.SignalOperation;
import comm.api.spi.WaitLimit;
import comm.backend.sim.posix.PosixException;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/** The windows of one allocation, as one rank has them. */
final class SimWindows implements BackendWindows {

  private final SimSession session;
  private final WindowMapping mapping;
  private final long size;
  private final CommContext context;
  private final List<HostMemory> windows;
  private final Memory deviceContext;

  SimWindows(
      SimSession session, WindowMapping mapping, int rank, int ranks, long size, long stride) {
    this.session = session;
    this.mapping = mapping;
    this.size = size;
    List<Long> addresses = new ArrayList<>(ranks);
    List<HostMemory> memories = new ArrayList<>(ranks);
    for (int r = 0; r < ranks; r++) {
      addresses.add(mapping.address() + r * stride);
      memories.add(mapping.window(r * stride, size));
    }
    this.windows = List.copyOf(memories);
    this.context = new CommContext(0, 0, rank, ranks, size, addresses, addresses);
    this.deviceContext = new Memory(CommContext.BYTES);
    deviceContext.write(0, context.encode(), 0, CommContext.BYTES);
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public CommContext context() {
    return context;
  }

  @Override
  public long deviceContext() {
    return Pointer.nativeValue(deviceContext);
  }

  @Override
  public HostMemory memory(int rank, AccessFailures failures) {
    return windows.get(rank);
  }

  @Override
  public void signal(int rank, long offset, SignalOperation operation, long operand) {
    HostMemory window = windows.get(rank);
    switch (operation) {
      case SET -> window.putLongRelease(offset, operand);
      case ADD -> window.getAndAddLong(offset, operand);
    }
    // Before looking for sleepers, who look at the word after they have said that they sleep.
    VarHandle.fullFence();
    session.ringIfAsleep(rank);
  }

  @Override
  public long await(int rank, long offset, Comparison comparison, long operand, WaitLimit limit)
      throws BackendFailure {
    HostMemory window = windows.get(rank);
    for (int i = session.spins(); i >= 0; i--) {
      long word = window.getLongAcquire(offset);
      if (comparison.holds(word, operand)) {
        return word;
      }
      Thread.onSpinWait();
    }
    long[] found = new long[1];
    session.awaitSignal(
        rank,
        () -> {
          found[0] = window.getLongAcquire(offset);
          return comparison.holds(found[0], operand);
        },
        limit);
    return found[0];
  }

  @Override
  public void close(WaitLimit limit) throws BackendFailure {
    if (!session.forget(this)) {
      return;
    }
    try {
      mapping.release();
    } catch (PosixException e) {
      throw Problems.system(e);
    }
  }
}
