package comm.backend.hccl.rendezvous;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Whose a file is and who may use it; of a symbolic link, not of what it leads to. */
record Ownership(PosixFileAttributes attributes) {

  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  /** Empty if there is no such file. */
  static Optional<Ownership> of(Path path) throws IOException {
    try {
      return Optional.of(
          new Ownership(
              Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  boolean isLink() {
    return attributes.isSymbolicLink();
  }

  boolean isRegular() {
    return attributes.isRegularFile();
  }

  boolean isDirectory() {
    return attributes.isDirectory();
  }

  String owner() {
    return attributes.owner().getName();
  }

  /** Whether it belongs to the user whom this process acts as. */
  boolean isOurs() throws IOException {
    return attributes.owner().equals(user());
  }

  boolean isPrivate() {
    return attributes.permissions().stream().noneMatch(OTHERS::contains);
  }

  /** Java does not tell the effective user, but what this process makes belongs to it. */
  private static UserPrincipal user() throws IOException {
    return Files.getOwner(Path.of("/proc/self"));
  }
}
