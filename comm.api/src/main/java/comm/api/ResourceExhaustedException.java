package comm.api;

/** Memory or another resource is short. Nothing of the failed allocation is left on any rank. */
public final class ResourceExhaustedException extends CommException {

  private final long needed;
  private final long available;

  ResourceExhaustedException(Call call, String message, long needed, long available) {
    super(call, message, null);
    this.needed = needed;
    this.available = available;
  }

  /**
   * What all ranks together needed.
   *
   * @return bytes
   */
  public long needed() {
    return needed;
  }

  /**
   * What there was.
   *
   * @return bytes
   */
  public long available() {
    return available;
  }
}
