package comm.worker.chip;

import java.util.List;

/**
 * What a chip has after bootstrap. Addresses are on the chip's device.
 *
 * @param deviceContext address of the device context, 0 without a communicator
 * @param localWindowBase address of the chip's window, 0 without a communicator
 * @param actualWindowSize bytes of the window, at least what was asked for; 0 without a
 *     communicator
 * @param bufferAddresses one a buffer, in the order of the configuration
 */
public record ChipBootstrapResult(
    long deviceContext, long localWindowBase, long actualWindowSize, List<Long> bufferAddresses) {

  /** Copies the list. */
  public ChipBootstrapResult {
    bufferAddresses = List.copyOf(bufferAddresses);
  }
}
