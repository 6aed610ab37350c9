package comm.worker.chip;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * Host memory, as a file, that bootstrap loads a buffer from or tasks store a buffer to.
 *
 * @param name of the chip's buffer that belongs to it
 * @param file the file, which exists and has exactly the size of the buffer
 * @param size bytes, at least 1
 * @see HostBuffer
 */
public record HostBufferStaging(String name, Path file, long size) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the name is blank or the size is less than 1
   */
  public HostBufferStaging {
    requireNonNull(file, "file");
    if (name.isBlank()) {
      throw new IllegalArgumentException("the name of a staged buffer must not be blank");
    }
    if (size < 1) {
      throw new IllegalArgumentException(
          "staged buffer \"" + name + "\" needs at least 1 byte, but has " + size);
    }
  }
}
