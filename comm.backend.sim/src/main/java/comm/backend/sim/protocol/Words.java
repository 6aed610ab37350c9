package comm.backend.sim.protocol;

/**
 * The 64-bit words of the control segment, by byte offset. In production this is mapped memory; a
 * test puts a model in its place and decides which rank takes the next step.
 */
public interface Words {

  /** Reads; what its writer wrote before is visible. */
  long read(int offset);

  /** Writes; what this rank wrote before is visible to whoever reads the value. */
  void write(int offset, long value);

  /** Writes, and completes before any later read: the half of a handshake that must not be lost. */
  void publish(int offset, long value);

  /** Replaces a word if it is as expected; completes before any later read. */
  boolean replace(int offset, long expected, long value);

  /** Adds to a word; completes before any later read. */
  void add(int offset, long delta);
}
