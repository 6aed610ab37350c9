package comm.worker.kernel;

import static java.util.Objects.requireNonNull;

import comm.api.CommContext;
import java.nio.ByteBuffer;

/**
 * What a kernel in Java runs with.
 *
 * @param args its arguments
 * @param config how it was asked to run
 * @param deviceId the device that it runs on
 * @param memory the chip's memory, by address
 */
public record KernelContext(TaskArgs args, RunConfig config, int deviceId, ChipMemory memory) {

  /** Checks that nothing is null. */
  public KernelContext {
    requireNonNull(args, "args");
    requireNonNull(config, "config");
    requireNonNull(memory, "memory");
  }

  /**
   * A scalar among the arguments.
   *
   * @param index 0 ≤ index &lt; number of scalars
   * @return its value
   * @throws IndexOutOfBoundsException if there is no such scalar
   */
  public long scalar(int index) {
    return args.scalar(index);
  }

  /**
   * Pointers into the windows of a device context.
   *
   * @param deviceContext its address, such as a chip gets it at bootstrap
   * @return what turns addresses of this rank into those of its peers
   * @throws IllegalArgumentException if there is no device context at the address
   */
  public RemotePointer remote(long deviceContext) {
    ByteBuffer bytes = ByteBuffer.allocate(CommContext.BYTES);
    memory.get(deviceContext, bytes);
    return RemotePointer.of(CommContext.decode(bytes.array()));
  }
}
