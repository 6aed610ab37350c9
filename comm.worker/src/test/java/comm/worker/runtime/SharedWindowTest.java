package comm.worker.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory of the runtime that is mapped again, and addresses that may be wrong. */
class SharedWindowTest {

  /** Nothing is ever mapped there. */
  private static final long NOWHERE = 0x1000;

  private static final int BYTES = 3 * 4096;

  @TempDir private Path directory;

  private MappedByteBuffer shared() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(directory.resolve("shared").toFile(), "rw")) {
      file.setLength(BYTES);
      return file.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
    }
  }

  private static long address(ByteBuffer buffer) {
    return Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
  }

  @Test
  void shows_the_same_bytes_at_another_address() throws IOException {
    MappedByteBuffer first = shared();
    SharedWindow window = SharedWindow.of(address(first) + 4200, 5000).orElseThrow();
    ByteBuffer second = window.map(8, 4992);
    first.put(4208, (byte) 5);
    assertEquals(5, second.get(0));
    second.put(4991, (byte) 6);
    assertEquals(6, first.get(9199));
    assertThrows(IndexOutOfBoundsException.class, () -> window.map(8, 4993));
  }

  @Test
  void keeps_the_first_mapping_when_it_is_released() throws IOException {
    MappedByteBuffer first = shared();
    first.put(0, (byte) 5);
    SharedWindow window = SharedWindow.of(address(first), BYTES).orElseThrow();
    ByteBuffer second = window.map(0, BYTES);
    window.release();
    window.release();
    assertEquals(0, second.get(0));
    assertEquals(5, first.get(0));
  }

  @Test
  void keeps_a_view_when_it_is_released() throws IOException {
    MappedByteBuffer first = shared();
    SharedWindow window = SharedWindow.of(address(first), BYTES).orElseThrow();
    ByteBuffer view = window.share(0, BYTES);
    window.release();
    first.put(0, (byte) 5);
    assertEquals(5, view.get(0));
  }

  @Test
  void refuses_addresses_that_are_not_of_shared_memory() {
    assertEquals(Optional.empty(), SharedWindow.of(NOWHERE, 64));
    try (Memory own = new Memory(64)) {
      assertEquals(Optional.empty(), SharedWindow.of(Pointer.nativeValue(own), 64));
    }
  }

  @Test
  void reads_where_something_is_mapped_only() {
    byte[] bytes = new byte[3];
    assertFalse(OwnMemory.read(NOWHERE, bytes));
    try (Memory own = new Memory(3)) {
      own.setByte(2, (byte) 9);
      assertTrue(OwnMemory.read(Pointer.nativeValue(own), bytes));
    }
    assertEquals(9, bytes[2]);
  }
}
