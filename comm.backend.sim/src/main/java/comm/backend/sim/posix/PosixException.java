package comm.backend.sim.posix;

import com.sun.jna.Native;
import java.util.Map;

/** A call to the operating system failed. */
public final class PosixException extends Exception {

  public static final int ENOENT = 2;
  public static final int EINTR = 4;
  public static final int EAGAIN = 11;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int EEXIST = 17;
  public static final int EINVAL = 22;
  public static final int ENOSPC = 28;
  public static final int EROFS = 30;
  public static final int ENAMETOOLONG = 36;
  public static final int ELOOP = 40;

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(1, "EPERM"),
          Map.entry(ENOENT, "ENOENT"),
          Map.entry(EINTR, "EINTR"),
          Map.entry(5, "EIO"),
          Map.entry(9, "EBADF"),
          Map.entry(EAGAIN, "EAGAIN"),
          Map.entry(ENOMEM, "ENOMEM"),
          Map.entry(EACCES, "EACCES"),
          Map.entry(EEXIST, "EEXIST"),
          Map.entry(20, "ENOTDIR"),
          Map.entry(21, "EISDIR"),
          Map.entry(EINVAL, "EINVAL"),
          Map.entry(23, "ENFILE"),
          Map.entry(24, "EMFILE"),
          Map.entry(27, "EFBIG"),
          Map.entry(ENOSPC, "ENOSPC"),
          Map.entry(EROFS, "EROFS"),
          Map.entry(ENAMETOOLONG, "ENAMETOOLONG"),
          Map.entry(38, "ENOSYS"),
          Map.entry(ELOOP, "ELOOP"),
          Map.entry(95, "EOPNOTSUPP"),
          Map.entry(122, "EDQUOT"));

  private final String function;
  private final String subject;
  private final int errno;

  PosixException(String function, int errno, String subject) {
    super(function + " of " + subject + ": " + name(errno));
    this.subject = subject;
    this.function = function;
    this.errno = errno;
  }

  /** For a call that has just failed on this thread. */
  static PosixException last(String function, String subject) {
    return new PosixException(function, Native.getLastError(), subject);
  }

  /** For an object that isn't what its name promises, and is therefore not used. */
  public static PosixException distrusted(String function, String subject) {
    return new PosixException(function, EACCES, subject + ", whose owner, mode or size is wrong");
  }

  public String function() {
    return function;
  }

  /** What it was called on, such as a path. */
  public String subject() {
    return subject;
  }

  public int errno() {
    return errno;
  }

  /** The name of an error number, or the number itself where it has no name here. */
  public static String name(int errno) {
    return NAMES.getOrDefault(errno, "errno " + errno);
  }
}
