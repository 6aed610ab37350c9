package comm.backend.hccl.window;

import comm.api.spi.AccessFailures;
import comm.api.spi.BackendFailure;
import comm.api.spi.WindowMemory;
import java.nio.ByteBuffer;

/** One rank's window, copied by the device from and to wherever it lies. */
final class DeviceMemory implements WindowMemory {

  private final HcclWindows windows;
  private final long address;
  private final AccessFailures failures;

  DeviceMemory(HcclWindows windows, long address, AccessFailures failures) {
    this.windows = windows;
    this.address = address;
    this.failures = failures;
  }

  @Override
  public void get(long offset, ByteBuffer target) {
    // A copy of its own position: should this call be given up, the device's thread moves that one.
    ByteBuffer rest = target.duplicate();
    try {
      windows.copyOut(address + offset, rest);
    } catch (BackendFailure e) {
      throw failures.exception("get", e);
    }
    target.position(target.limit());
  }

  @Override
  public void put(long offset, ByteBuffer source) {
    ByteBuffer rest = source.duplicate();
    try {
      windows.copyIn(address + offset, rest);
    } catch (BackendFailure e) {
      throw failures.exception("put", e);
    }
    source.position(source.limit());
  }
}
