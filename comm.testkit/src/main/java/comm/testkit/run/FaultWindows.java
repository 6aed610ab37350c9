package comm.testkit.run;

import comm.api.CommContext;
import comm.api.Comparison;
import comm.api.spi.AccessFailures;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendWindows;
import comm.api.spi.SignalOperation;
import comm.api.spi.WaitLimit;
import comm.api.spi.WindowMemory;
import java.util.Map;

/** Windows with points at which faults happen. */
final class FaultWindows implements BackendWindows {

  private final BackendWindows windows;
  private final Injector injector;

  FaultWindows(BackendWindows windows, Injector injector) {
    this.windows = windows;
    this.injector = injector;
  }

  @Override
  public long size() {
    return windows.size();
  }

  @Override
  public CommContext context() {
    return windows.context();
  }

  @Override
  public long deviceContext() {
    return windows.deviceContext();
  }

  @Override
  public WindowMemory memory(int rank, AccessFailures failures) {
    return windows.memory(rank, failures);
  }

  @Override
  public Map<String, String> attributes() {
    return windows.attributes();
  }

  @Override
  public void signal(int rank, long offset, SignalOperation operation, long operand)
      throws BackendFailure {
    int nth = injector.before("signal");
    windows.signal(rank, offset, operation, operand);
    injector.after("signal", nth);
  }

  @Override
  public long await(int rank, long offset, Comparison comparison, long operand, WaitLimit limit)
      throws BackendFailure {
    int nth = injector.before("await");
    long value = windows.await(rank, offset, comparison, operand, limit);
    injector.after("await", nth);
    return value;
  }

  @Override
  public void close(WaitLimit limit) throws BackendFailure {
    windows.close(limit);
  }
}
