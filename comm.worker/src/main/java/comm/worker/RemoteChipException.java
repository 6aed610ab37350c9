package comm.worker;

import comm.worker.wire.RemoteFailure;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A chip failed to come up, or to do what it was asked for. Its cause shows what was thrown in the
 * chip's process, with the stack trace from there. Where it was a task or a copy, the chip goes on.
 */
public final class RemoteChipException extends WorkerException {

  private static final long serialVersionUID = 1;

  private final int chip;
  private final String step;
  private final int code;
  private final String remoteType;
  private final String remoteMessage;

  RemoteChipException(
      int chip, String step, String message, int code, Optional<RemoteFailure> failure) {
    super(message, cause(failure));
    this.chip = chip;
    this.step = step;
    this.code = code;
    this.remoteType = failure.map(RemoteFailure::type).orElse("");
    this.remoteMessage = failure.map(RemoteFailure::message).orElse("");
  }

  private static @Nullable Throwable cause(Optional<RemoteFailure> failure) {
    return failure.map(RemoteFailure::toThrowable).orElse(null);
  }

  /**
   * The chip that failed.
   *
   * @return its index among the worker's chips
   */
  public int chip() {
    return chip;
  }

  /**
   * What it was doing.
   *
   * @return such as {@code comm_init}, {@code run} or {@code copy_to}
   */
  public String step() {
    return step;
  }

  /**
   * The error code.
   *
   * @return 1 for everything that was thrown
   */
  public int code() {
    return code;
  }

  /**
   * What was thrown there.
   *
   * @return the name of its class, empty if it could not be told
   */
  public String remoteType() {
    return remoteType;
  }

  /**
   * What it said.
   *
   * @return its message, empty if it could not be told
   */
  public String remoteMessage() {
    return remoteMessage;
  }
}
