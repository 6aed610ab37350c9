package comm.worker.chip;

import comm.api.Communicator;
import comm.api.WindowSet;
import comm.worker.device.Device;
import java.util.ArrayDeque;
import java.util.Deque;

/** A chip's part in a communicator: what a handle stands for. */
final class CommSession {

  private final Communicator communicator;
  private final Device device;

  /** Destroys the stream that was made for this session, if there is one. */
  private final Runnable destroyStream;

  private final Deque<WindowSet> windowSets = new ArrayDeque<>();
  private boolean closed;

  CommSession(Communicator communicator, Device device, Runnable destroyStream) {
    this.communicator = communicator;
    this.device = device;
    this.destroyStream = destroyStream;
  }

  Communicator communicator() {
    return communicator;
  }

  /** Windows were allocated; kernels and copies reach them from here on. */
  synchronized void add(WindowSet windows) {
    if (closed) {
      windows.close();
      throw new IllegalStateException("commAllocWindows: the session was destroyed meanwhile");
    }
    device.attach(windows);
    windowSets.push(windows);
  }

  /**
   * The windows that were allocated last.
   *
   * @throws IllegalStateException if there are none
   */
  synchronized WindowSet windows(String call) {
    WindowSet last = windowSets.peek();
    if (last == null) {
      throw new IllegalStateException(
          call + ": this session has no windows yet; call commAllocWindows first");
    }
    return last;
  }

  /** Leaves the communicator, then destroys the stream in any case; the first error is thrown. */
  void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      windowSets.forEach(device::detach);
    }
    Closing steps = new Closing();
    steps.run(communicator::close);
    steps.run(destroyStream);
    steps.finish();
  }
}
