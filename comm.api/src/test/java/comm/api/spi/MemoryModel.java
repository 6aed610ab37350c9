package comm.api.spi;

import java.util.HashMap;
import java.util.Map;

/** What a window must hold: one plain byte after the other, zero at first, of any size. */
final class MemoryModel {

  private final Map<Long, Byte> bytes = new HashMap<>();

  byte[] get(long offset, int length) {
    byte[] part = new byte[length];
    for (int i = 0; i < length; i++) {
      part[i] = bytes.getOrDefault(offset + i, (byte) 0);
    }
    return part;
  }

  void put(long offset, byte[] part) {
    for (int i = 0; i < part.length; i++) {
      bytes.put(offset + i, part[i]);
    }
  }
}
