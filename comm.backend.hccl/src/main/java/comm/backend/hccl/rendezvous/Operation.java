package comm.backend.hccl.rendezvous;

/** Operations that may wait, as records have them. */
public enum Operation {
  OPEN(0, "open"),
  ALLOCATE_WINDOWS(1, "allocateWindows"),
  BARRIER(2, "barrier"),
  AWAIT(3, "await");

  private static final Operation[] ALL = values();

  private final int code;
  private final String words;

  Operation(int code, String words) {
    this.code = code;
    this.words = words;
  }

  /** As records have it. */
  int code() {
    return code;
  }

  /** The name in words, or nothing for a code that a newer version may have written. */
  static String words(int code) {
    for (Operation operation : ALL) {
      if (operation.code == code) {
        return operation.words;
      }
    }
    return "";
  }
}
