package comm.backend.hccl.window;

/** Sizes as devices have them. */
final class Sizes {

  private Sizes() {}

  /** The least multiple of a granularity that is no less; the largest there is if none fits. */
  static long roundUp(long bytes, long granularity) {
    long unit = Math.max(1, granularity);
    long rest = bytes % unit;
    if (rest == 0) {
      return bytes;
    }
    long missing = unit - rest;
    return bytes > Long.MAX_VALUE - missing ? Long.MAX_VALUE / unit * unit : bytes + missing;
  }
}
