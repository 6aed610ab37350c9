package comm.worker.chip;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Host memory that this process shares with a chip's process: what a buffer is loaded from at
 * bootstrap, or stored to after tasks. A temporary file of this user's alone, mapped into memory;
 * closing it removes the file, and the memory stays while {@link #bytes} is reachable.
 *
 * <p>What is staged is visible to the other process when a call of {@link comm.worker.Worker} that
 * orders the two has returned: at its start for inputs, and when a task has ended for outputs.
 */
public final class HostBuffer implements AutoCloseable {

  private final HostBufferStaging staging;
  private final ByteBuffer bytes;

  private HostBuffer(HostBufferStaging staging, ByteBuffer bytes) {
    this.staging = staging;
    this.bytes = bytes;
  }

  /**
   * Makes a buffer, all zero.
   *
   * @param name of the chip's buffer that belongs to it
   * @param size bytes, 1 to 2^31 - 1
   * @return the buffer; close it when the chip is done with it
   * @throws IllegalArgumentException if the size is out of its range or the name is blank
   * @throws IOException if the file can't be made
   */
  public static HostBuffer create(String name, long size) throws IOException {
    if (size < 1 || size > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "host buffer \"" + name + "\" can have 1 to 2147483647 bytes, but not " + size);
    }
    Path file = Files.createTempFile("comm-host-buffer-", "");
    try {
      HostBufferStaging staging = new HostBufferStaging(name, file, size);
      return new HostBuffer(staging, map(file, size));
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  private static ByteBuffer map(Path file, long size) throws IOException {
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.setLength(size);
      return access
          .getChannel()
          .map(FileChannel.MapMode.READ_WRITE, 0, size)
          .order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  /**
   * The memory.
   *
   * @return a little-endian view of all of it, with a position of its own
   */
  public ByteBuffer bytes() {
    return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * What a chip's configuration says of it.
   *
   * @return name, file and size
   */
  public HostBufferStaging staging() {
    return staging;
  }

  /**
   * Removes the file. Idempotent.
   *
   * @throws IOException if it can't be removed
   */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(staging.file());
  }
}
