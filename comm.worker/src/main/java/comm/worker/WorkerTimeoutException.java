package comm.worker;

import java.util.List;

/** Chips did not come up, or a task did not end, in time. The worker can't be used any more. */
public final class WorkerTimeoutException extends WorkerException {

  private static final long serialVersionUID = 1;

  private final List<Integer> pending;

  WorkerTimeoutException(List<Integer> pending, String message) {
    super(message, null);
    this.pending = List.copyOf(pending);
  }

  /**
   * The chips that were waited for.
   *
   * @return their indices among the worker's chips
   */
  public List<Integer> pending() {
    return pending;
  }
}
