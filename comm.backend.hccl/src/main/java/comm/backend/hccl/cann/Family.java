package comm.backend.hccl.cann;

import java.util.List;

/** Which set of libraries a function is looked for in. */
public enum Family {
  /** Devices, streams and memory. From CANN 8.5 on the first name only passes on to the second. */
  ACL("libascendcl.so", "libacl_rt.so"),

  /**
   * Communicators: in the first up to CANN 8.3, in the second from 8.5 on. This order, because the
   * first finds the second by dlsym(RTLD_NEXT) from 9.2 on.
   */
  HCCL("libhccl.so", "libhcomm.so");

  private final String first;
  private final String second;

  Family(String first, String second) {
    this.first = first;
    this.second = second;
  }

  /** File names, in the order in which they are opened. */
  public List<String> names() {
    return List.of(first, second);
  }
}
