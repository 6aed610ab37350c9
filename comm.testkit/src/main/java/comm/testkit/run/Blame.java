package comm.testkit.run;

import comm.api.CommBrokenException;
import comm.api.CommException;
import comm.api.CommTimeoutException;
import comm.api.PeerFailedException;
import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import org.jspecify.annotations.Nullable;

/** Tells consequences from causes. */
final class Blame {

  private Blame() {}

  /**
   * Whether an error says that another rank failed first. A test that finds that a call ran out of
   * time, which should have ended in another way, blames the backend and no rank.
   */
  static boolean of(Throwable thrown) {
    boolean judged = thrown instanceof AssertionError;
    for (@Nullable Throwable e = thrown; e != null; e = e.getCause()) {
      if (e instanceof PeerFailedException
          || e instanceof CommBrokenException
          || (e instanceof CommTimeoutException && !judged)) {
        return true;
      }
      if (e instanceof CommException && e.getMessage() != null) {
        return e.getMessage().contains("first noticed by rank");
      }
      if (e instanceof BackendFailure failure) {
        return failure.reportedBy().isPresent()
            || failure.failure() instanceof Failure.PeerFailed
            || (failure.failure() instanceof Failure.TimedOut && !judged);
      }
    }
    return false;
  }
}
