package comm.worker.kernel;

import static java.util.Objects.requireNonNull;

/**
 * A chip, or the host runtime that drives it, failed or refused a call. Wrong arguments are {@link
 * IllegalArgumentException} and wrong order of calls is {@link IllegalStateException}; what goes
 * wrong between ranks is a {@link comm.api.CommException}.
 */
public final class ChipException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String function;
  private final int code;

  /**
   * A failure that has a code.
   *
   * @param function what failed, as the host runtime calls it, such as {@code set_device}
   * @param code what it returned; 0 if it has no code
   * @param message what failed, on which device, and what to do
   */
  public ChipException(String function, int code, String message) {
    super(message);
    this.function = requireNonNull(function, "function");
    this.code = code;
  }

  /**
   * A failure that has a code and a cause.
   *
   * @param function what failed, as the host runtime calls it, such as {@code set_device}
   * @param code what it returned; 0 if it has no code
   * @param message what failed, on which device, and what to do
   * @param cause what it was caused by
   */
  public ChipException(String function, int code, String message, Throwable cause) {
    super(message, requireNonNull(cause, "cause"));
    this.function = requireNonNull(function, "function");
    this.code = code;
  }

  /**
   * What failed.
   *
   * @return its name, as the host runtime calls it
   */
  public String function() {
    return function;
  }

  /**
   * What it returned.
   *
   * @return the code, negative for the runtime's own errors and positive for those of ACL and HCCL;
   *     0 if it has none
   */
  public int code() {
    return code;
  }
}
