package com.example.comm.mapped;

import comm.api.spi.HostMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** The bytes of one window: a file that has no name any more once all ranks have mapped it. */
final class WindowFile implements HostMemory.Mapping {

  private static final int SHIFT = 30;
  private static final long STEP = 1L << SHIFT;

  /** Each begins a step after the one before and is longer, so that a view need not straddle. */
  private final ByteBuffer[] chunks;

  private WindowFile(ByteBuffer[] chunks) {
    this.chunks = chunks;
  }

  private static String prefix(Path rootInfo, long group) {
    return rootInfo.getFileName() + "." + Long.toHexString(group) + ".";
  }

  static Path path(Path rootInfo, long group, int number, int rank) {
    return rootInfo.resolveSibling(prefix(rootInfo, group) + number + "." + rank);
  }

  /** Removes what a group left whose processes were all killed. */
  static void deleteAll(Path rootInfo, long group) throws IOException {
    String prefix = prefix(rootInfo, group);
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(
            rootInfo.getParent(), p -> p.getFileName().toString().startsWith(prefix))) {
      for (Path path : found) {
        Files.deleteIfExists(path);
      }
    }
  }

  /** Makes a file of zeros that are really there: a hole could end in a fault at an access. */
  static boolean fill(Path path, long bytes, BooleanSupplier stop) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(bytes, 1 << 20));
    try (FileChannel channel = RootInfo.create(path)) {
      for (long at = 0; at < bytes; ) {
        if (stop.getAsBoolean()) {
          return false;
        }
        zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at));
        at += channel.write(zeros, at);
      }
    }
    return true;
  }

  static WindowFile map(Path path, long bytes) throws IOException {
    ByteBuffer[] chunks = new ByteBuffer[Math.toIntExact((bytes + STEP - 1) >>> SHIFT)];
    try (FileChannel channel = RootInfo.existing(path)) {
      for (int i = 0; i < chunks.length; i++) {
        long from = (long) i << SHIFT;
        chunks[i] =
            channel.map(
                FileChannel.MapMode.READ_WRITE, from, Math.min(Integer.MAX_VALUE, bytes - from));
      }
    }
    return new WindowFile(chunks);
  }

  @Override
  public ByteBuffer map(long offset, int length) {
    return chunks[(int) (offset >>> SHIFT)].slice((int) (offset & STEP - 1), length);
  }

  /** A slice keeps its mapping alive. A view of more than 1 GiB may not lie across two chunks. */
  @Override
  public ByteBuffer share(long offset, int length) {
    if (length == 0) {
      return ByteBuffer.allocateDirect(0);
    }
    ByteBuffer chunk = chunks[(int) (offset >>> SHIFT)];
    int from = (int) (offset & STEP - 1);
    if (length > chunk.capacity() - from) {
      throw new UnsupportedOperationException(
          "views of more than 1 GiB must begin at a multiple of 1 GiB here");
    }
    return chunk.slice(from, length);
  }
}
