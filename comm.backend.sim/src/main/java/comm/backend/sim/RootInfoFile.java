package comm.backend.sim;

import comm.api.spi.BackendFailure;
import comm.backend.sim.posix.Descriptor;
import comm.backend.sim.posix.FileStatus;
import comm.backend.sim.posix.Names;
import comm.backend.sim.posix.PosixException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file through which ranks find the control segment. Its creator holds a lock on it as long as
 * it means anything, so a file without a lock is a dead run's. Only who holds the lock of a file
 * may remove it, and a new one appears whole and only where there is none: so two that begin at
 * once can't both win.
 */
final class RootInfoFile {

  private static final String DRAFT_SUFFIX = ".tmp";

  private final Path path;

  RootInfoFile(Path path) {
    this.path = path;
  }

  /** Checks what can be checked before anything is made. */
  void check() throws BackendFailure {
    Path directory = directory();
    if (!Files.isDirectory(directory)) {
      throw Problems.rendezvous(
          path,
          "can't be used: directory " + directory + " does not exist",
          "create it, or choose another path");
    }
    try {
      Names.checkWritable(directory.toString());
    } catch (PosixException e) {
      throw Problems.rendezvous(
          path,
          "can't be used: directory "
              + directory
              + " is not writable for this user ("
              + PosixException.name(e.errno())
              + ")",
          "choose a directory that every rank's user can write to");
    }
  }

  private Path directory() {
    return Objects.requireNonNull(path.getParent(), "an absolute path has a parent");
  }

  /** What the file says, if its creator lives. */
  Optional<RootInfo> readLive() throws BackendFailure {
    try (@Nullable Descriptor file = open()) {
      if (file == null) {
        return Optional.empty();
      }
      Optional<RootInfo> info = content(file);
      return file.isLockedByOther(0) ? info : Optional.empty();
    } catch (PosixException e) {
      throw Problems.system(e);
    }
  }

  /** Null if there is no file. */
  private @Nullable Descriptor open() throws BackendFailure, PosixException {
    Descriptor file;
    try {
      file = Descriptor.openFile(path.toString());
    } catch (PosixException e) {
      if (e.errno() == PosixException.ENOENT) {
        return null;
      }
      throw refusal(e);
    }
    FileStatus status = file.status();
    if (!status.isRegular() || status.uid() != Names.user()) {
      file.close();
      throw status.isRegular() ? foreign(status) : noRegularFile();
    }
    return file;
  }

  private BackendFailure refusal(PosixException e) throws PosixException {
    FileStatus status = FileStatus.of(path.toString());
    if (status.isLink()) {
      return Problems.rendezvous(
          path,
          "is a symbolic link, which is never followed",
          "see who put it there, and choose a path that nobody else can write to");
    }
    if (status.uid() != Names.user()) {
      return foreign(status);
    }
    return status.isRegular() ? Problems.system(e) : noRegularFile();
  }

  private BackendFailure foreign(FileStatus status) {
    return Problems.rendezvous(
        path,
        "belongs to user " + status.uid() + ", but this process is user " + Names.user(),
        "choose a path of your own");
  }

  private BackendFailure noRegularFile() {
    return Problems.rendezvous(path, "is not a regular file", "choose another path");
  }

  /** Empty for an empty file, such as mktemp makes. */
  private Optional<RootInfo> content(Descriptor file) throws BackendFailure, PosixException {
    byte[] bytes = file.read(RootInfo.MOST_BYTES);
    Optional<RootInfo> info = RootInfo.decode(bytes);
    if (info.isEmpty() && bytes.length > 0) {
      throw Problems.rendezvous(
          path,
          "exists and is not a rendezvous file of this backend; it was left as it is",
          "choose another path");
    }
    return info;
  }

  /**
   * Puts a file there. What a dead run left is removed, its segment too.
   *
   * @return the open file with its lock, or null if a live one is there
   */
  @Nullable Descriptor publish(RootInfo info) throws BackendFailure {
    String prefix = "." + path.getFileName() + ".";
    try {
      removeDrafts(prefix);
      while (true) {
        Path draft = directory().resolve(prefix + Tokens.random() + DRAFT_SUFFIX);
        Descriptor file = Descriptor.createFile(draft.toString());
        boolean published = false;
        try {
          if (file.tryLockNew()) {
            file.write(info.encode());
            published = link(draft);
            return published ? file : null;
          }
        } finally {
          Names.unlink(draft.toString());
          if (!published) {
            file.close();
          }
        }
      }
    } catch (PosixException e) {
      if (e.errno() == PosixException.ENAMETOOLONG) {
        throw Problems.rendezvous(
            path, "can't be used: its name is too long", "choose a shorter one");
      }
      throw Problems.system(e);
    }
  }

  /** False if a live file is there. */
  private boolean link(Path draft) throws BackendFailure, PosixException {
    while (!Names.link(draft.toString(), path.toString())) {
      if (!removeDead()) {
        return false;
      }
    }
    return true;
  }

  /** False if what is there is alive. */
  private boolean removeDead() throws BackendFailure, PosixException {
    try (@Nullable Descriptor file = open()) {
      if (file == null) {
        return true;
      }
      Optional<RootInfo> info = content(file);
      if (!file.tryLock(0)) {
        return false;
      }
      if (isAtPath(file)) {
        if (info.isPresent()) {
          SharedSegment.removeIfDead(info.get().segment());
        }
        Names.unlink(path.toString());
      }
      return true;
    }
  }

  private boolean isAtPath(Descriptor file) throws PosixException {
    try {
      return FileStatus.of(path.toString()).isSameFile(file.status());
    } catch (PosixException e) {
      if (e.errno() == PosixException.ENOENT) {
        return false;
      }
      throw e;
    }
  }

  /** Takes the file away again, if it is the one that {@link #publish} gave. */
  void retract(Descriptor file) throws PosixException {
    try (file) {
      if (isAtPath(file)) {
        Names.unlink(path.toString());
      }
    }
  }

  /** Removes the file of a run whose creator died, as its other ranks do when they give up. */
  void removeIfDead(String token) throws BackendFailure, PosixException {
    try (@Nullable Descriptor file = open()) {
      if (file != null
          && content(file).filter(info -> info.token().equals(token)).isPresent()
          && file.tryLock(0)
          && isAtPath(file)) {
        Names.unlink(path.toString());
      }
    }
  }

  private void removeDrafts(String prefix) throws PosixException {
    try (DirectoryStream<Path> drafts =
        Files.newDirectoryStream(
            directory(),
            entry -> {
              String name = String.valueOf(entry.getFileName());
              return name.startsWith(prefix) && name.endsWith(DRAFT_SUFFIX);
            })) {
      for (Path draft : drafts) {
        removeDraft(draft.toString());
      }
    } catch (IOException e) {
      System.getLogger(RootInfoFile.class.getName())
          .log(System.Logger.Level.DEBUG, "can't list " + directory(), e);
    }
  }

  private static void removeDraft(String draft) throws PosixException {
    try (Descriptor file = Descriptor.openFile(draft)) {
      if (file.isOurs() && file.tryLock(0)) {
        Names.unlink(draft);
      }
    } catch (PosixException e) {
      if (e.errno() != PosixException.ENOENT) {
        throw e;
      }
    }
  }
}
