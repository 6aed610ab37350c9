package comm.worker.runtime;

import comm.api.CommContext;
import comm.api.spi.AccessFailures;
import comm.api.spi.BackendFailure;
import comm.api.spi.SignalOperation;
import comm.api.spi.WindowMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Windows in device memory, which the runtime copies from and to. */
final class DeviceAccess implements WindowAccess {

  private final DeviceSide device;
  private final CommContext context;

  DeviceAccess(DeviceSide device, CommContext context) {
    this.device = device;
    this.context = context;
  }

  private record Memory(DeviceSide device, long address, AccessFailures failures)
      implements WindowMemory {
    @Override
    public void get(long offset, ByteBuffer target) {
      try {
        device.get(target, address + offset);
      } catch (BackendFailure e) {
        throw failures.exception("get", e);
      }
    }

    @Override
    public void put(long offset, ByteBuffer source) {
      try {
        device.put(address + offset, source);
      } catch (BackendFailure e) {
        throw failures.exception("put", e);
      }
    }
  }

  @Override
  public WindowMemory memory(int rank, AccessFailures failures) {
    return new Memory(device, context.windowsIn().get(rank), failures);
  }

  /** A copy is there when it returns, and so is what was copied before: that makes it a release. */
  @Override
  public void signal(int rank, long offset, SignalOperation operation, long operand)
      throws BackendFailure {
    if (operation != SignalOperation.SET) {
      throw new UnsupportedOperationException(
          "signalAdd: backend runtime can't add to a word of device memory in one step; give each"
              + " rank that signals a word of its own, and use signal");
    }
    ByteBuffer word = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    device.put(context.windowsIn().get(rank) + offset, word.putLong(0, operand));
  }

  @Override
  public long word(int rank, long offset) throws BackendFailure {
    ByteBuffer word = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    device.get(word, context.windowsIn().get(rank) + offset);
    return word.getLong(0);
  }

  @Override
  public void release() {}
}
