package comm.api.spi;

/** Makes the exception that a caller gets of an access to window memory that failed. */
@FunctionalInterface
public interface AccessFailures {

  /**
   * Breaks this rank's communicator and puts the failure into words.
   *
   * @param operation what the caller did, {@code get} or {@code put}
   * @param failure what went wrong
   * @return the exception to throw
   */
  RuntimeException exception(String operation, BackendFailure failure);
}
