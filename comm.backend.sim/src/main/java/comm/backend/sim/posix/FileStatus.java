package comm.backend.sim.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What {@code statx} says of a file; its layout is the same on every architecture.
 *
 * @param device and {@code inode} name the file, whatever its path
 * @param links names it has; 0 once the last one is removed
 */
public record FileStatus(long device, long inode, int links, int uid, int mode, long size) {

  private static final int BYTES = 256;
  private static final int LINKS = 16;
  private static final int UID = 20;
  private static final int MODE = 28;
  private static final int INODE = 32;
  private static final int SIZE = 40;
  private static final int DEVICE_MAJOR = 136;
  private static final int DEVICE_MINOR = 140;

  private static final int TYPE_MASK = 0xf000;
  private static final int REGULAR = 0x8000;
  private static final int LINK = 0xa000;
  private static final int PERMISSIONS = 0x1ff;

  static FileStatus of(Descriptor descriptor) throws PosixException {
    byte[] buffer = new byte[BYTES];
    if (Libc.statx(descriptor.fd(), "", Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS, buffer) != 0) {
      throw PosixException.last("statx", descriptor.toString());
    }
    return parse(buffer);
  }

  /** The status of a path itself: a symbolic link isn't followed. */
  public static FileStatus of(String path) throws PosixException {
    byte[] buffer = new byte[BYTES];
    if (Libc.statx(Libc.AT_FDCWD, path, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, buffer)
        != 0) {
      throw PosixException.last("statx", path);
    }
    return parse(buffer);
  }

  private static FileStatus parse(byte[] buffer) {
    ByteBuffer in = ByteBuffer.wrap(buffer).order(ByteOrder.nativeOrder());
    return new FileStatus(
        ((long) in.getInt(DEVICE_MAJOR) << 32) | (in.getInt(DEVICE_MINOR) & 0xffff_ffffL),
        in.getLong(INODE),
        in.getInt(LINKS),
        in.getInt(UID),
        in.getShort(MODE) & 0xffff,
        in.getLong(SIZE));
  }

  public boolean isRegular() {
    return (mode & TYPE_MASK) == REGULAR;
  }

  public boolean isLink() {
    return (mode & TYPE_MASK) == LINK;
  }

  public int permissions() {
    return mode & PERMISSIONS;
  }

  public boolean isSameFile(FileStatus other) {
    return device == other.device && inode == other.inode;
  }
}
