package comm.worker.runtime;

import comm.api.CommContext;
import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import comm.api.spi.SessionRequest;
import java.time.Duration;

/** Compares what a runtime tells of windows before any of its addresses is used. */
final class WindowCheck {

  private final SessionRequest request;
  private final Communicator.Allocation allocation;
  private final String where;
  private final Duration waited;

  WindowCheck(
      SessionRequest request, Communicator.Allocation allocation, String where, Duration waited) {
    this.request = request;
    this.allocation = allocation;
    this.where = where;
    this.waited = waited;
  }

  /** The failure that names a field. */
  BackendFailure wrong(String field, String problem) {
    return NativeThread.failed(
        "comm_alloc_windows",
        0,
        "the runtime gave a wrong " + field + ": " + problem + ", " + where,
        "check that the runtime and its context library fit together; if its windows are in device"
            + " memory, set runtime.memory to device, and if they are shared memory, to host",
        waited);
  }

  /** Bytes of this process at an address that may be wrong. */
  byte[] ownBytes(long address, int count) throws BackendFailure {
    byte[] bytes = new byte[count];
    if (!OwnMemory.read(address, bytes)) {
      throw wrong(
          "device_ctx_out",
          "0x" + Long.toHexString(address) + " is not in the memory of this process");
    }
    return bytes;
  }

  /** Decodes a context and holds it against the rest. */
  CommContext context(byte[] encoded, long asked) throws BackendFailure {
    CommContext context;
    try {
      context = CommContext.decode(encoded);
    } catch (IllegalArgumentException e) {
      BackendFailure failure = wrong("context", String.valueOf(e.getMessage()));
      failure.initCause(e);
      throw failure;
    }
    equal("rankId", context.rankId(), request.rank(), "the rank");
    equal("rankNum", context.rankNum(), request.size(), "the number of ranks");
    equal("winSize", context.winSize(), allocation.size(), "what comm_get_window_size gives");
    for (int rank = 0; rank < context.rankNum(); rank++) {
      if (context.windowsIn().get(rank) == 0) {
        throw wrong("windowsIn[" + rank + "]", "it is null");
      }
    }
    equal(
        "windowsIn[" + request.rank() + "]",
        context.windowsIn().get(request.rank()),
        allocation.base(),
        "what comm_get_local_window_base gives");
    if (context.winSize() < asked) {
      throw new BackendFailure(
          new Failure.Exhausted(
              "the windows of the host runtime",
              asked,
              context.winSize(),
              "some runtimes choose the size themselves: ask for less, or configure the runtime"
                  + " (HCCL_BUFFSIZE on a device)"),
          waited);
    }
    return context;
  }

  private void equal(String field, long value, long expected, String source) throws BackendFailure {
    if (value != expected) {
      throw wrong(field, "it is " + value + ", but " + source + " is " + expected);
    }
  }
}
