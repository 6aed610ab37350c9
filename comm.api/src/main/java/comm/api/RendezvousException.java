package comm.api;

import java.nio.file.Path;

/**
 * The rendezvous file can't be used: its directory is missing or not writable, it is a symbolic
 * link, it belongs to another user, it isn't a rendezvous file. Nothing has been opened.
 */
public final class RendezvousException extends CommException {

  private final transient Path path;

  RendezvousException(Call call, String message, Path path) {
    super(call, message, null);
    this.path = path;
  }

  /**
   * The rendezvous file.
   *
   * @return its path
   */
  public Path path() {
    return path;
  }
}
