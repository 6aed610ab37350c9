package comm.worker.runtime;

import comm.api.CommContext;
import comm.api.spi.AccessFailures;
import comm.api.spi.BackendFailure;
import comm.api.spi.HostMemory;
import comm.api.spi.SignalOperation;
import comm.api.spi.WindowMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Windows in memory that this process shares with the others. */
final class HostAccess implements WindowAccess {

  private final List<SharedWindow> mappings;
  private final List<HostMemory> memories;

  private HostAccess(List<SharedWindow> mappings, List<HostMemory> memories) {
    this.mappings = mappings;
    this.memories = memories;
  }

  /** Maps all windows, or none. */
  static HostAccess map(CommContext context, WindowCheck check) throws BackendFailure {
    List<SharedWindow> mappings = new ArrayList<>();
    List<HostMemory> memories = new ArrayList<>();
    for (int rank = 0; rank < context.rankNum(); rank++) {
      long address = context.windowsIn().get(rank);
      String field = "windowsIn[" + rank + "]";
      if (address % Long.BYTES != 0) {
        mappings.forEach(SharedWindow::release);
        throw check.wrong(
            field,
            "0x"
                + Long.toHexString(address)
                + " is not a multiple of 8; ask for windows whose size is one");
      }
      Optional<SharedWindow> mapping = SharedWindow.of(address, context.winSize());
      if (mapping.isEmpty()) {
        mappings.forEach(SharedWindow::release);
        throw check.wrong(
            field, "0x" + Long.toHexString(address) + " is not shared memory of this process");
      }
      mappings.add(mapping.get());
      memories.add(new HostMemory(context.winSize(), mapping.get()));
    }
    return new HostAccess(mappings, memories);
  }

  @Override
  public WindowMemory memory(int rank, AccessFailures failures) {
    return memories.get(rank);
  }

  @Override
  public void signal(int rank, long offset, SignalOperation operation, long operand) {
    if (operation == SignalOperation.SET) {
      memories.get(rank).putLongRelease(offset, operand);
    } else {
      long unused = memories.get(rank).getAndAddLong(offset, operand);
    }
  }

  @Override
  public long word(int rank, long offset) {
    return memories.get(rank).getLongAcquire(offset);
  }

  @Override
  public void release() {
    mappings.forEach(SharedWindow::release);
  }
}
