package comm.backend.hccl.rendezvous;

import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;

/** The file at the path that all ranks know. It leads to a run, as long as that forms. */
final class RootInfoFile {

  private static final int MOST = 1 << 16;
  private static final int MOST_RANKS = 64;

  private final Path path;

  RootInfoFile(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  /** Refuses a place where no file can be made, before anything is touched. */
  void check() throws BackendFailure {
    Path directory = path.resolveSibling(".").normalize();
    if (!Files.isDirectory(directory)) {
      throw refusal(
          "can't be used: " + directory + " is not a directory",
          "create it, or choose another path");
    }
    if (!Files.isWritable(directory)) {
      throw refusal(
          "can't be used: this user may not write to " + directory,
          "choose a directory of your own");
    }
  }

  BackendFailure refusal(String problem, String advice) {
    return new BackendFailure(new Failure.Rendezvous(path, problem, advice), Duration.ZERO);
  }

  /** A failed call of the operating system, in words. */
  BackendFailure system(IOException e) {
    String advice =
        e instanceof FileSystemException
            ? "check the directory: it must allow hard links, locks and free space"
            : "use the same version of comm.backend.hccl on every rank";
    BackendFailure failure = refusal("can't be used: " + e, advice);
    failure.initCause(e);
    return failure;
  }

  /**
   * What the file says; empty if there is none, or an empty one, such as mktemp makes.
   *
   * @throws BackendFailure if something else is there, which is left as it is
   */
  Optional<RootInfo> read() throws BackendFailure, IOException {
    Optional<Ownership> found = Ownership.of(path);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Ownership ownership = found.get();
    if (ownership.isLink()) {
      throw refusal(
          "is a symbolic link, which is never followed",
          "see who put it there, and choose a path that nobody else can write to");
    }
    if (!ownership.isRegular()) {
      throw refusal("is not a regular file", "choose another path");
    }
    if (!ownership.isOurs()) {
      throw refusal(
          "belongs to user " + ownership.owner() + ", not to this process's",
          "choose a path of your own");
    }
    byte[] bytes = PlainFiles.read(path, MOST).orElse(new byte[0]);
    if (bytes.length == 0) {
      return Optional.empty();
    }
    Optional<RootInfo> info = RootInfo.decode(bytes);
    if (info.isEmpty()) {
      throw refusal(
          Bytes.isOurs(bytes)
              ? "was written by another version of this backend, or was damaged"
              : "exists and is not a rendezvous file of this backend; it was left as it is",
          Bytes.isOurs(bytes)
              ? "use one version on every rank; remove the file if no run uses it"
              : "choose another path");
    }
    if (!ownership.isPrivate()) {
      throw refusal(
          "can be read or written by others, which no file of this backend can",
          "see who changed it; remove it, and choose a path that nobody else can write to");
    }
    return info;
  }

  /** Makes the file appear whole; false if one is there. */
  boolean publish(RunDirectory run, RootInfo info) throws IOException {
    if (Files.exists(path) && Files.size(path) == 0) {
      PlainFiles.delete(path);
    }
    return PlainFiles.publish(run.path(), path, info.encode());
  }

  /**
   * Removes the file of one run. It is moved away first: should another run have put its own there
   * meanwhile, that is given its name back.
   */
  void remove(String token) throws BackendFailure, IOException {
    if (read().filter(info -> info.token().equals(token)).isEmpty()) {
      return;
    }
    Path aside = path.resolveSibling("." + path.getFileName() + "." + PlainFiles.token() + ".old");
    Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
    Optional<RootInfo> moved = PlainFiles.read(aside, MOST).flatMap(RootInfo::decode);
    if (moved.isPresent() && !moved.get().token().equals(token)) {
      PlainFiles.link(aside, path);
    }
    PlainFiles.delete(aside);
  }

  /** Removes the directories of runs at this path of which nobody is left on this host. */
  void sweep(String hostId) throws IOException {
    String prefix = path.getFileName() + ".";
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(
            path.resolveSibling(".").normalize(),
            entry -> {
              String name = entry.getFileName().toString();
              return name.startsWith(prefix) && name.endsWith(".run");
            })) {
      for (Path entry : entries) {
        RunDirectory run = new RunDirectory(entry);
        if (run.exists()) {
          run.removeIfDone(MOST_RANKS, hostId);
        }
      }
    }
  }
}
