package comm.worker;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A chip as it came up. Addresses are those of the chip's own process: they are for arguments of
 * its tasks and for copies through the worker.
 *
 * @param index the chip among the worker's chips
 * @param deviceId its device
 * @param pid its process
 * @param rank its rank, -1 without a communicator
 * @param nranks ranks of its communicator, 0 without one
 * @param deviceContext address of its device context, 0 without a communicator
 * @param localWindowBase address of its window, 0 without a communicator
 * @param actualWindowSize bytes of the window, 0 without a communicator
 * @param buffers addresses of its buffers, by name, in the order of the configuration
 */
public record ChipContext(
    int index,
    int deviceId,
    long pid,
    int rank,
    int nranks,
    long deviceContext,
    long localWindowBase,
    long actualWindowSize,
    Map<String, Long> buffers) {

  /** Copies the map. */
  public ChipContext {
    requireNonNull(buffers, "buffers");
    buffers = Collections.unmodifiableMap(new LinkedHashMap<>(buffers));
  }

  /**
   * The address of a buffer.
   *
   * @param name its name
   * @return its address
   * @throws IllegalArgumentException if the chip has no such buffer
   */
  public long buffer(String name) {
    Long address = buffers.get(name);
    if (address == null) {
      throw new IllegalArgumentException(
          "chip " + index + " has no buffer \"" + name + "\"; it has " + buffers.keySet());
    }
    return address;
  }
}
