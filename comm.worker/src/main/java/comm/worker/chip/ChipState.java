package comm.worker.chip;

/**
 * Where a chip worker is in its life.
 *
 * <pre>
 *   NEW --init--&gt; INITIALIZED --setDevice--&gt; DEVICE_SET --commInit--&gt; COMM
 *                      ^------resetDevice--------+  ^----commDestroy---+
 *   any --close--&gt; FINALIZED
 * </pre>
 */
public enum ChipState {
  /** Made, and nothing loaded. */
  NEW,
  /** Its runtime is there; no device is chosen. */
  INITIALIZED,
  /** A device is chosen; there is memory, and kernels run. */
  DEVICE_SET,
  /** The same, and the chip is a rank of a communicator. */
  COMM,
  /** Over, for good. */
  FINALIZED
}
