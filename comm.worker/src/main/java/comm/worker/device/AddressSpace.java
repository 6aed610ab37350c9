package comm.worker.device;

import comm.api.Comparison;
import comm.worker.kernel.ChipMemory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** Finds what is at an address. Any thread may use it. */
final class AddressSpace implements ChipMemory {

  private final ConcurrentSkipListMap<Long, Region> regions = new ConcurrentSkipListMap<>();

  void add(long address, Region region) {
    regions.put(address, region);
  }

  /** Takes out what begins at an address; false if nothing does. */
  boolean remove(long address) {
    return regions.remove(address) != null;
  }

  /** The address where the region begins that has all of the bytes. */
  private Map.Entry<Long, Region> find(long address, long bytes) {
    Map.Entry<Long, Region> entry = regions.floorEntry(address);
    long offset = entry == null ? 0 : address - entry.getKey();
    if (entry == null || offset >= entry.getValue().size()) {
      throw new IllegalArgumentException(
          "there is nothing at address 0x"
              + Long.toHexString(address)
              + ": it was never allocated, has been freed, or is in no open window");
    }
    Region region = entry.getValue();
    if (bytes > region.size() - offset) {
      throw new IllegalArgumentException(
          bytes
              + " bytes at address 0x"
              + Long.toHexString(address)
              + " reach past the end of "
              + region.describe()
              + ", which has "
              + region.size()
              + " bytes from 0x"
              + Long.toHexString(entry.getKey())
              + " on");
    }
    return entry;
  }

  @Override
  public void get(long address, ByteBuffer target) {
    Map.Entry<Long, Region> entry = find(address, target.remaining());
    entry.getValue().get(address - entry.getKey(), target);
  }

  @Override
  public void put(long address, ByteBuffer source) {
    Map.Entry<Long, Region> entry = find(address, source.remaining());
    entry.getValue().put(address - entry.getKey(), source);
  }

  @Override
  public void get(long address, float[] target) {
    Map.Entry<Long, Region> entry = find(address, (long) target.length * Float.BYTES);
    entry.getValue().get(address - entry.getKey(), target);
  }

  @Override
  public void put(long address, float[] source) {
    Map.Entry<Long, Region> entry = find(address, (long) source.length * Float.BYTES);
    entry.getValue().put(address - entry.getKey(), source);
  }

  @Override
  public int getInt(long address) {
    Map.Entry<Long, Region> entry = find(address, Integer.BYTES);
    return entry.getValue().getInt(address - entry.getKey());
  }

  @Override
  public void putInt(long address, int value) {
    Map.Entry<Long, Region> entry = find(address, Integer.BYTES);
    entry.getValue().putInt(address - entry.getKey(), value);
  }

  @Override
  public long getLong(long address) {
    Map.Entry<Long, Region> entry = find(address, Long.BYTES);
    return entry.getValue().getLong(address - entry.getKey());
  }

  @Override
  public void putLong(long address, long value) {
    Map.Entry<Long, Region> entry = find(address, Long.BYTES);
    entry.getValue().putLong(address - entry.getKey(), value);
  }

  @Override
  public void notify(long address, long value) {
    Map.Entry<Long, Region> entry = find(address, Long.BYTES);
    entry.getValue().notify(address - entry.getKey(), value);
  }

  @Override
  public void notifyAdd(long address, long delta) {
    Map.Entry<Long, Region> entry = find(address, Long.BYTES);
    entry.getValue().notifyAdd(address - entry.getKey(), delta);
  }

  @Override
  public long await(long address, Comparison comparison, long value, Duration timeout) {
    Map.Entry<Long, Region> entry = find(address, Long.BYTES);
    return entry.getValue().await(address - entry.getKey(), comparison, value, timeout);
  }
}
