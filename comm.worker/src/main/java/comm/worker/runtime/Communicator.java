package comm.worker.runtime;

import comm.api.spi.SessionRequest;
import comm.worker.kernel.ChipException;
import java.util.Optional;

/**
 * A communicator of a host runtime. Used on one thread only; what a call has made that nobody waits
 * for any more is known here, and freed with the rest.
 */
final class Communicator {

  /** Windows as the runtime tells of them. */
  record Allocation(long context, long base, long size) {}

  private static final String LOOK =
      ". To do: look at what the runtime wrote to the error stream of this process and of the other"
          + " ranks";

  private final HostLibrary library;
  private final HostCalls calls;
  private final SessionRequest request;
  private final String where;
  private long handle;
  private long streamContext;
  private long ownStream;

  Communicator(HostLibrary library, SessionRequest request) {
    this.library = library;
    this.calls = new HostCalls(library);
    this.request = request;
    this.where =
        "rank "
            + request.rank()
            + " of "
            + request.size()
            + ", root info "
            + request.rootInfo()
            + ", host runtime "
            + library.path();
  }

  /** Library and rank, for messages. */
  String where() {
    return where;
  }

  /**
   * Joins.
   *
   * @param device the context and device in whose memory windows are, empty if they are in that of
   *     this process
   * @throws ChipException if that is not possible
   */
  void join(Optional<DeviceSide> device) {
    if (!library.has(Symbol.COMM_INIT) || !library.has(Symbol.COMM_DESTROY)) {
      // what can't be left must not be joined; whatever else lacks fails the call that needs it
      library.require(Symbol.Group.COMM);
    }
    long stream = request.stream().orElse(0L);
    if (device.isPresent() && library.has(Symbol.Group.STREAM)) {
      // each thread that talks to the device has to be made known to it
      int code = calls.ensureAclReady(device.get().context(), device.get().device());
      check("ensure_acl_ready", code, "");
      if (stream == 0) {
        streamContext = device.get().context();
        ownStream = calls.createCommStream(streamContext);
        stream = ownStream;
      }
    }
    handle = calls.commInit(request.rank(), request.size(), stream, request.rootInfo());
    if (handle == 0) {
      throw new ChipException(
          "comm_init",
          0,
          "comm_init failed: "
              + where
              + ". A runtime without communicators answers so at once; others do when a rank did"
              + " not come, or came with another size"
              + LOOK);
    }
  }

  private void check(String function, int code, String more) {
    if (code != 0) {
      throw new ChipException(
          function, code, function + " failed with code " + code + ": " + where + more + LOOK);
    }
  }

  Allocation allocate(long bytes) {
    long[] context = new long[1];
    check(
        "comm_alloc_windows",
        calls.commAllocWindows(handle, bytes, context),
        "; "
            + bytes
            + " bytes a window. A rank may not have come, or memory is short, or ranks asked for"
            + " different sizes");
    long[] base = new long[1];
    check("comm_get_local_window_base", calls.commGetLocalWindowBase(handle, base), "");
    long[] size = new long[1];
    check("comm_get_window_size", calls.commGetWindowSize(handle, size), "");
    return new Allocation(context[0], base[0], size[0]);
  }

  void barrier() {
    check(
        "comm_barrier",
        calls.commBarrier(handle),
        ". A rank may not have come, or no windows are allocated: some runtimes need them");
  }

  /**
   * Leaves, and destroys what was made.
   *
   * @throws ChipException if the runtime says that this failed; it is gone in any case
   */
  void leave() {
    long communicator = handle;
    long stream = ownStream;
    handle = 0;
    ownStream = 0;
    int left = communicator == 0 ? 0 : calls.commDestroy(communicator);
    int destroyed = stream == 0 ? 0 : calls.destroyCommStream(streamContext, stream);
    check(
        "comm_destroy",
        left,
        ". Other ranks may still be inside; shared memory of the runtime may be left");
    check("destroy_comm_stream", destroyed, "");
  }
}
