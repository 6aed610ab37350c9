package comm.backend.hccl.window;

import java.util.List;

/**
 * Where the windows are, as this rank's device sees them.
 *
 * @param windowsIn one address a rank
 * @param windowsOut a second one, or 0
 * @param workSpace of MC2 kernels, or 0
 * @param workSpaceSize its bytes
 */
record Addresses(List<Long> windowsIn, List<Long> windowsOut, long workSpace, long workSpaceSize) {

  Addresses {
    windowsIn = List.copyOf(windowsIn);
    windowsOut = List.copyOf(windowsOut);
  }

  /** Without a second window and without a work space. */
  static Addresses of(List<Long> windowsIn) {
    return new Addresses(windowsIn, windowsIn.stream().map(address -> 0L).toList(), 0, 0);
  }
}
