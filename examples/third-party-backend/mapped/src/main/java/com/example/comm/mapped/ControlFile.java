package com.example.comm.mapped;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The root info file: a header, a slot for each rank, and a lock for each rank that the kernel
 * releases when the rank's process ends. Lengths are in bytes; every field is a long.
 */
final class ControlFile {

  static final int SLOTS = 64;

  /** The slot of a process that has none: it may only leave a verdict there. */
  static final int GUEST = SLOTS;

  static final int LENGTH = 4096 + (SLOTS + 1) * 512;
  static final long MAGIC = 0x3130_4445_5050_414DL;

  /** Fields of the header. */
  static final int SIZE = 8;

  static final int GROUP_ID = 16;
  static final int REMOVED = 24;
  static final int VERDICT = 32;
  static final int SEEN = 40;

  /** Fields of a slot. */
  static final int STATE = 0;

  static final int PID = 8;
  static final int EPOCH = 16;
  static final int BYTES = 24;
  static final int OPERATION = 32;
  static final int RECORD = 64;
  private static final int TEXT = 192;

  /** States of a slot. */
  static final long FREE = 0;

  static final long JOINED = 1;
  static final long LEFT = 2;
  static final long DEAD = 3;

  private static final long GATE = 1L << 40;
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  final Path path;
  private final FileChannel channel;
  private final ByteBuffer bytes;
  private final Object fileKey;

  ControlFile(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    this.bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, LENGTH);
    this.fileKey = keyAt(path);
  }

  long get(int field) {
    return (long) LONG.getAcquire(bytes, field);
  }

  void set(int field, long value) {
    LONG.setVolatile(bytes, field, value);
  }

  boolean compareAndSet(int field, long expected, long value) {
    return LONG.compareAndSet(bytes, field, expected, value);
  }

  void addSeen(int rank) {
    LONG.getAndBitwiseOr(bytes, SEEN, 1L << rank);
  }

  long slot(int rank, int field) {
    return get(at(rank, field));
  }

  void setSlot(int rank, int field, long value) {
    set(at(rank, field), value);
  }

  boolean moveState(int rank, long from, long to) {
    return compareAndSet(at(rank, STATE), from, to);
  }

  private static int at(int rank, int field) {
    return 4096 + rank * 512 + field;
  }

  void setText(int rank, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(utf8.length, 300);
    setSlot(rank, TEXT, length);
    bytes.put(at(rank, TEXT + 8), utf8, 0, length);
  }

  String text(int rank) {
    byte[] utf8 = new byte[(int) Math.max(0, Math.min(300, slot(rank, TEXT)))];
    bytes.get(at(rank, TEXT + 8), utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /** Takes the lock under which ranks join and the file is removed, or returns null. */
  static FileLock tryGate(FileChannel channel) throws IOException {
    return tryLock(channel, GATE, false);
  }

  /** Takes the lock of a rank for as long as this process lives or the file is open. */
  boolean claim(int rank) throws IOException {
    return tryLock(channel, GATE + 1 + rank, false) != null;
  }

  /** Whether the process of a rank has its lock. Shared, so that those who look don't collide. */
  synchronized boolean lives(int rank) {
    try {
      FileLock lock = tryLock(channel, GATE + 1 + rank, true);
      if (lock == null) {
        return true;
      }
      lock.release();
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private static FileLock tryLock(FileChannel channel, long at, boolean shared)
      throws IOException {
    try {
      return channel.tryLock(at, 1, shared);
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** What a rank is now; a rank without its lock is dead, unless it has said that it left. */
  long state(int rank, int self) {
    long state = slot(rank, STATE);
    if (state == JOINED && rank != self && !lives(rank)) {
      return moveState(rank, JOINED, DEAD) ? DEAD : slot(rank, STATE);
    }
    return state;
  }

  boolean anybodyLives() {
    for (int rank = 0; rank < SLOTS; rank++) {
      if (slot(rank, STATE) != FREE && lives(rank)) {
        return true;
      }
    }
    return false;
  }

  /** Removes the file from its path, once; the caller has the gate. */
  void remove() throws IOException {
    if (get(REMOVED) == 0) {
      if (fileKey != null && fileKey.equals(keyAt(path))) {
        Files.deleteIfExists(path);
      }
      // Not before: who dies between both would leave a file that nobody may use or remove.
      set(REMOVED, 1);
    }
  }

  /** Removes the file, waiting a little for the gate, and lets go of everything. */
  void leave(int rank, long nanos) throws IOException {
    if (rank >= 0) {
      moveState(rank, JOINED, LEFT);
    }
    Pause pause = new Pause(nanos);
    try {
      while (get(REMOVED) == 0 && !pause.isOver()) {
        try (FileLock gate = tryGate(channel)) {
          if (gate != null) {
            remove();
          }
        }
        pause.once();
      }
    } finally {
      channel.close();
    }
  }

  private static Object keyAt(Path path) {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .fileKey();
    } catch (IOException e) {
      return null;
    }
  }
}
