package comm.api;

/**
 * Another rank died, or closed the communicator while this one waited for it. Look at that rank's
 * log first.
 */
public final class PeerFailedException extends CommException {

  private final transient RankStatus peer;

  PeerFailedException(Call call, String message, RankStatus peer) {
    super(call, message, null);
    this.peer = peer;
  }

  /**
   * The rank that failed.
   *
   * @return its status, {@link RankStatus.State#DEAD} or {@link RankStatus.State#LEFT}
   */
  public RankStatus peer() {
    return peer;
  }
}
