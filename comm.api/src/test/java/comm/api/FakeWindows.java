package comm.api;

import comm.api.spi.AccessFailures;
import comm.api.spi.BackendWindows;
import comm.api.spi.SignalOperation;
import comm.api.spi.WaitLimit;
import comm.api.spi.WindowMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The windows of one rank over any memory, for tests of what stands in front of it. */
final class FakeWindows implements BackendWindows {

  private final long size;
  private final WindowMemory memory;

  FakeWindows(long size, WindowMemory memory) {
    this.size = size;
    this.memory = memory;
  }

  /** The window of rank 0 of 1 over the memory. */
  static Window window(long size, WindowMemory memory) {
    CommConfig config = CommConfig.of(0, 1, Path.of("x"));
    WaitLimit limit = new WaitLimit(Duration.ofSeconds(1), "test");
    return new WindowSet(
            1, 0, limit, new Gate(config, "fake"), new FakeWindows(size, memory), set -> {})
        .local();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public CommContext context() {
    return new CommContext(0, 0, 0, 1, size, List.of(0x1000L), List.of(0x1000L));
  }

  @Override
  public long deviceContext() {
    return 0;
  }

  @Override
  public WindowMemory memory(int rank, AccessFailures failures) {
    return memory;
  }

  @Override
  public void signal(int rank, long offset, SignalOperation operation, long operand) {
    if (offset < 0 || offset > size - 8 || offset % 8 != 0) {
      throw new AssertionError("signal at " + offset);
    }
  }

  @Override
  public long await(int rank, long offset, Comparison comparison, long operand, WaitLimit limit) {
    if (offset < 0 || offset > size - 8 || offset % 8 != 0) {
      throw new AssertionError("await at " + offset);
    }
    return 0;
  }

  @Override
  public void close(WaitLimit limit) {}
}
