package comm.backend.hccl.window;

import java.util.Locale;

/** The ways to make windows reachable, in the order in which they are tried. */
public enum StrategyName {
  /** Physical memory shared by 128-byte fabric handles: A3 and later, also between servers. */
  FABRIC(1),
  /** Physical memory shared by handles that are valid on one server. */
  VMM(2),
  /** Plain device memory shared by keys that are valid on one server. */
  IPC(4),
  /** The buffers that HCCL has for its own collectives, as an MC2 kernel gets them. */
  MC2(8);

  private final int bit;

  StrategyName(int bit) {
    this.bit = bit;
  }

  /** {@return the name as settings and attributes have it} */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** This one alone, as ranks tell each other which ones they can offer. */
  int bit() {
    return bit;
  }
}
