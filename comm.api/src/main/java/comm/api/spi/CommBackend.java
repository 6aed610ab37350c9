package comm.api.spi;

import java.util.Map;

/**
 * A backend: one way to connect ranks and their windows. Found by {@link java.util.ServiceLoader},
 * on the module path by {@code provides} and on the class path by {@code META-INF/services}.
 *
 * <p>The constructor must do nothing: it runs whenever any communicator is opened in a process that
 * has the backend on its path. Native libraries are loaded in {@link #open}, not before.
 *
 * <p>Implementations must be safe for use by several threads.
 */
public interface CommBackend {

  /**
   * The name by which callers choose this backend: lower-case ASCII letters, digits, {@code -} and
   * {@code .}, the same at every call.
   *
   * @return the name, for instance {@code "sim"}
   */
  String name();

  /**
   * Says whether {@link #open} has a chance on this machine. Must not block, must not throw and
   * must leave nothing behind; it may look for libraries and devices.
   *
   * @return {@link Availability.Available}, or {@link Availability.Unavailable} with the reason and
   *     what to do about it
   */
  Availability availability();

  /**
   * Says the same for a communicator with settings, where they can make the difference, such as the
   * path of a library. Asked only of a backend that was named, and only if there are settings for
   * it.
   *
   * @param properties settings of the backend, keys without the backend's name in front
   * @return as {@link #availability()}
   */
  default Availability availability(Map<String, String> properties) {
    return availability();
  }

  /**
   * Looks closer than {@link #availability()}, for a person who sets a machine up: versions,
   * devices, what {@link #open} would choose. May load native libraries and take some seconds, but
   * always ends; must not throw and must leave nothing open.
   *
   * @return the facts by name, in the order in which they are shown; also what could not be found
   *     out, and why
   */
  default Map<String, String> describe() {
    return Map.of();
  }

  /**
   * Removes what ranks of this user that died on this machine have left, and nobody who lives uses.
   * Launchers call it after a job that failed. Must not block and must not throw.
   */
  default void sweep() {}

  /**
   * Joins a communicator. Collective: every rank of the request's size calls it, and it returns
   * once all of them have joined.
   *
   * <p>The request has been checked: 1 ≤ size ≤ 64 and 0 ≤ rank &lt; size. Blocks at most as long
   * as the request's limit. When it throws, nothing of this rank is left behind, and every other
   * rank that was joining fails too.
   *
   * @param request who joins, where, and how long it may take
   * @return the session of this rank
   * @throws BackendFailure if the communicator can't be formed
   */
  BackendSession open(SessionRequest request) throws BackendFailure;
}
