package comm.api;

/**
 * Two ranks were called with values that don't fit together: two processes with the same rank,
 * different numbers of ranks, different window sizes. The message shows both sides.
 */
public final class RankMismatchException extends CommException {

  private final String subject;

  RankMismatchException(Call call, String message, String subject) {
    super(call, message, null);
    this.subject = subject;
  }

  /**
   * What differs.
   *
   * @return such as {@code window size}
   */
  public String subject() {
    return subject;
  }
}
