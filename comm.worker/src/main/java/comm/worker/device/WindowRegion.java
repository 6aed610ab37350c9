package comm.worker.device;

import comm.api.Comparison;
import comm.api.Window;
import java.nio.ByteBuffer;
import java.time.Duration;

/** The window of a rank. */
record WindowRegion(Window window) implements Region {

  @Override
  public long size() {
    return window.size();
  }

  @Override
  public String describe() {
    return "the window of rank " + window.rank();
  }

  @Override
  public void get(long offset, ByteBuffer target) {
    window.get(offset, target);
  }

  @Override
  public void put(long offset, ByteBuffer source) {
    window.put(offset, source);
  }

  @Override
  public void get(long offset, float[] target) {
    window.get(offset, target);
  }

  @Override
  public void put(long offset, float[] source) {
    window.put(offset, source);
  }

  @Override
  public int getInt(long offset) {
    return window.getInt(offset);
  }

  @Override
  public void putInt(long offset, int value) {
    window.putInt(offset, value);
  }

  @Override
  public long getLong(long offset) {
    return window.getLong(offset);
  }

  @Override
  public void putLong(long offset, long value) {
    window.putLong(offset, value);
  }

  @Override
  public void notify(long offset, long value) {
    window.signal(offset, value);
  }

  @Override
  public void notifyAdd(long offset, long delta) {
    window.signalAdd(offset, delta);
  }

  @Override
  public long await(long offset, Comparison comparison, long value, Duration timeout) {
    return window.await(offset, comparison, value, timeout);
  }
}
