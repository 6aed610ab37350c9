package comm.worker.runtime;

import java.util.Locale;

/** The functions of a host runtime that are used. */
enum Symbol {
  CREATE_DEVICE_CONTEXT(Group.CORE),
  DESTROY_DEVICE_CONTEXT(Group.CORE),
  SET_DEVICE(Group.CORE),
  DEVICE_MALLOC_CTX(Group.CORE),
  DEVICE_FREE_CTX(Group.CORE),
  COPY_TO_DEVICE_CTX(Group.CORE),
  COPY_FROM_DEVICE_CTX(Group.CORE),
  FINALIZE_DEVICE(Group.CORE),
  GET_RUNTIME_SIZE(Group.KERNEL),
  RUN_RUNTIME(Group.KERNEL),
  ENSURE_ACL_READY_CTX(Group.STREAM),
  CREATE_COMM_STREAM_CTX(Group.STREAM),
  DESTROY_COMM_STREAM_CTX(Group.STREAM),
  COMM_INIT(Group.COMM),
  COMM_ALLOC_WINDOWS(Group.COMM),
  COMM_GET_LOCAL_WINDOW_BASE(Group.COMM),
  COMM_GET_WINDOW_SIZE(Group.COMM),
  COMM_BARRIER(Group.COMM),
  COMM_DESTROY(Group.COMM);

  /** What belongs together: a runtime has all of a group or none of it. */
  enum Group {
    /** Contexts, memory and copies; no runtime is of use without them. */
    CORE("contexts, memory and copies"),
    /** Needed to run callables. */
    KERNEL("callables"),
    /** Needed for streams. */
    STREAM("streams for communicators"),
    /** Needed for communicators. */
    COMM("communicators");

    private final String purpose;

    Group(String purpose) {
      this.purpose = purpose;
    }

    /** The group as it stands in messages. */
    @Override
    public String toString() {
      return "group \"" + name().toLowerCase(Locale.ROOT) + "\" (" + purpose + ")";
    }
  }

  private final Group group;
  private final String symbol = name().toLowerCase(Locale.ROOT);

  Symbol(Group group) {
    this.group = group;
  }

  Group group() {
    return group;
  }

  /** Its name in the library. */
  String symbol() {
    return symbol;
  }
}
