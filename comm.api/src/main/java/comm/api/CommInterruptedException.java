package comm.api;

/**
 * The thread was interrupted while it waited for other ranks. Its interrupt flag is set. An
 * interrupted {@link Window#await} leaves the communicator usable; an interrupted collective breaks
 * it for every rank.
 */
public final class CommInterruptedException extends CommException {

  CommInterruptedException(Call call, String message) {
    super(call, message, null);
  }
}
