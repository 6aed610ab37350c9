package comm.worker.device;

import comm.api.Comparison;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Memory without gaps; offsets have been checked. */
interface Region {

  long size();

  /** What it is, for messages. */
  String describe();

  void get(long offset, ByteBuffer target);

  void put(long offset, ByteBuffer source);

  void get(long offset, float[] target);

  void put(long offset, float[] source);

  int getInt(long offset);

  void putInt(long offset, int value);

  long getLong(long offset);

  void putLong(long offset, long value);

  void signal(long offset, long value);

  void signalAdd(long offset, long delta);

  long await(long offset, Comparison comparison, long value, Duration timeout);
}
