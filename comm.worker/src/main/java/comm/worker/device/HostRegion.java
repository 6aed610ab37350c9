package comm.worker.device;

import comm.api.Comparison;
import comm.api.spi.HostMemory;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Memory of this process: an allocation, or the read-only bytes of a device context. */
final class HostRegion implements Region {

  private final ByteBuffer bytes;
  private final HostMemory memory;
  private final String name;
  private final boolean readOnly;

  private HostRegion(ByteBuffer bytes, String name, boolean readOnly) {
    this.bytes = bytes;
    this.name = name;
    this.readOnly = readOnly;
    this.memory =
        new HostMemory(
            bytes.capacity(),
            new HostMemory.Mapping() {
              @Override
              public ByteBuffer map(long offset, int length) {
                return bytes.slice((int) offset, length);
              }

              @Override
              public ByteBuffer share(long offset, int length) {
                return bytes.slice((int) offset, length);
              }
            });
  }

  static HostRegion allocation(int size) {
    return new HostRegion(ByteBuffer.allocateDirect(size), "an allocation", false);
  }

  static HostRegion deviceContext(byte[] encoded) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(encoded.length);
    bytes.put(0, encoded);
    return new HostRegion(bytes, "a device context", true);
  }

  @Override
  public long size() {
    return bytes.capacity();
  }

  @Override
  public String describe() {
    return name;
  }

  private void checkWritable() {
    if (readOnly) {
      throw new IllegalArgumentException(name + " can't be written to");
    }
  }

  private UnsupportedOperationException noSignals() {
    return new UnsupportedOperationException(
        name + " has no signal words; they are in windows only");
  }

  @Override
  public void get(long offset, ByteBuffer target) {
    memory.get(offset, target);
  }

  @Override
  public void put(long offset, ByteBuffer source) {
    checkWritable();
    memory.put(offset, source);
  }

  @Override
  public void get(long offset, float[] target) {
    memory.get(offset, target, 0, target.length);
  }

  @Override
  public void put(long offset, float[] source) {
    checkWritable();
    memory.put(offset, source, 0, source.length);
  }

  @Override
  public int getInt(long offset) {
    return memory.getInt(offset);
  }

  @Override
  public void putInt(long offset, int value) {
    checkWritable();
    memory.putInt(offset, value);
  }

  @Override
  public long getLong(long offset) {
    return memory.getLong(offset);
  }

  @Override
  public void putLong(long offset, long value) {
    checkWritable();
    memory.putLong(offset, value);
  }

  @Override
  public void notify(long offset, long value) {
    throw noSignals();
  }

  @Override
  public void notifyAdd(long offset, long delta) {
    throw noSignals();
  }

  @Override
  public long await(long offset, Comparison comparison, long value, Duration timeout) {
    throw noSignals();
  }
}
