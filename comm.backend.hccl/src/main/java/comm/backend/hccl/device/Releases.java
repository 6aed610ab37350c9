package comm.backend.hccl.device;

import comm.backend.hccl.cann.CannException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What has been acquired and how it is given back, last first. For the device's thread alone. A
 * release that fails doesn't keep the others from being tried; the first failure is the one told.
 */
public final class Releases {

  private static final System.Logger LOGGER = System.getLogger(Releases.class.getName());

  /** Gives one thing back. */
  public interface Release {
    void run() throws CannException;
  }

  private final Deque<Release> releases = new ArrayDeque<>();

  /** Remembers how to give back what was just acquired. */
  public void push(Release release) {
    releases.push(release);
  }

  /** Gives everything back. */
  public void run() throws CannException {
    @Nullable CannException first = null;
    while (!releases.isEmpty()) {
      first = attempt(releases.pop(), first);
    }
    if (first != null) {
      throw first;
    }
  }

  /** Runs one release, whatever became of those before it; the first failure stays the first. */
  public static @Nullable CannException attempt(Release release, @Nullable CannException first) {
    try {
      release.run();
      return first;
    } catch (CannException e) {
      if (first == null) {
        return e;
      }
      LOGGER.log(System.Logger.Level.DEBUG, "another release failed after the first one", e);
      first.addSuppressed(e);
      return first;
    }
  }
}
