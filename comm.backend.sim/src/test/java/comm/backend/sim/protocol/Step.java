package comm.backend.sim.protocol;

/** What a simulated process asks of the world: one indivisible step of its program. */
enum Step {
  READ,
  WRITE,
  PUBLISH,
  REPLACE,
  ADD,

  CHECK_DUE,
  STAY_AWAKE,
  ENDING,
  SLEEP,
  WAKE,
  IS_HELD,

  CLAIM,
  CLOSE,
  CREATE,
  ATTACH,
  LINK,
  OPEN_FILE,
  IS_FILE_LOCKED,
  LOCK_FILE,
  UNLOCK_FILE,
  IS_AT_PATH,
  REMOVE_FILE,
  REMOVE_NAME,
  IS_SEGMENT_HELD,
  IDLE;

  /** Whether a loop comes round here, having looked at everything it waits for. */
  boolean isAnchor() {
    return this == CHECK_DUE || this == IDLE;
  }
}
