package comm.worker;

import org.jspecify.annotations.Nullable;

/**
 * Something went wrong in a {@link Worker} or on one of its chips. The root of what a worker throws
 * at run time, apart from wrong arguments and wrong order of calls.
 */
public class WorkerException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /**
   * A failure of the worker itself, such as one of an orchestration function.
   *
   * @param message what failed and what to do
   * @param cause what it was caused by, or null
   */
  WorkerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
