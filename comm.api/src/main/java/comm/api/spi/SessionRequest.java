package comm.api.spi;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Who joins a communicator, where, and how long it may take.
 *
 * @param rank this rank, 0 ≤ rank &lt; size
 * @param size number of ranks, 1 to 64
 * @param rootInfo absolute path of the file through which the ranks find each other
 * @param stream the caller's stream, if it brought one; the backend never destroys it
 * @param properties settings of the backend, keys without the backend's name in front
 * @param limit how long joining may take
 */
public record SessionRequest(
    int rank,
    int size,
    Path rootInfo,
    OptionalLong stream,
    Map<String, String> properties,
    WaitLimit limit) {

  /** Copies the properties and checks that nothing is null. */
  public SessionRequest {
    requireNonNull(rootInfo, "rootInfo");
    requireNonNull(stream, "stream");
    properties = Map.copyOf(properties);
    requireNonNull(limit, "limit");
  }
}
