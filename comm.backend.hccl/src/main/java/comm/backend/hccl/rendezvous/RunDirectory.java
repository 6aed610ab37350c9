package comm.backend.hccl.rendezvous;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The files of one run, by what they are. */
final class RunDirectory {

  /** A file that is rewritten while it is read is read again. */
  private static final int READS = 1000;

  /** A directory without any record for so long belongs to nobody. */
  private static final Duration FORMING = Duration.ofMinutes(1);

  private final Path path;

  RunDirectory(Path path) {
    this.path = path;
  }

  /** Where the files of a run are that a rootinfo file leads to. */
  static RunDirectory of(Path rootInfo, String token) {
    return new RunDirectory(rootInfo.resolveSibling(rootInfo.getFileName() + "." + token + ".run"));
  }

  Path path() {
    return path;
  }

  Path record(int rank) {
    return path.resolve("rank-" + rank);
  }

  private Path blob(long step, int rank) {
    return path.resolve("blob-" + step + "-" + rank);
  }

  private Path verdictFile(long step) {
    return path.resolve("verdict-" + step);
  }

  private Path go() {
    return path.resolve("go");
  }

  /** What a rank says of itself; empty if it isn't there. */
  Optional<RankRecord> read(int rank) throws IOException {
    Path file = record(rank);
    Optional<OwnRecord> near = OwnRecord.ofThisProcess(file);
    if (near.isPresent()) {
      return near.map(OwnRecord::get);
    }
    for (int i = 0; i < READS; i++) {
      Optional<byte[]> bytes = PlainFiles.read(file, RankRecord.LENGTH);
      if (bytes.isEmpty()) {
        return Optional.empty();
      }
      Optional<RankRecord> record = RankRecord.decode(bytes.get());
      if (record.isPresent()) {
        return record;
      }
      Thread.onSpinWait();
    }
    throw new IOException(file + " is not a record of a rank");
  }

  /** Whether the process of a rank of this host lives; true for one that isn't there yet. */
  boolean isAlive(int rank) throws IOException {
    Path file = record(rank);
    return OwnRecord.ofThisProcess(file).isPresent()
        || PlainFiles.isLocked(file)
        || !Files.exists(file);
  }

  void writeBlob(long step, int rank, byte[] bytes) throws IOException {
    PlainFiles.publish(path, blob(step, rank), bytes);
  }

  byte[] readBlob(long step, int rank) throws IOException {
    return PlainFiles.read(blob(step, rank), Bytes.MOST).orElse(new byte[0]);
  }

  void deleteBlob(long step, int rank) throws IOException {
    PlainFiles.delete(blob(step, rank));
  }

  Optional<Verdict> verdict(long step) throws IOException {
    return verdict(verdictFile(step));
  }

  private static Optional<Verdict> verdict(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Optional<byte[]> bytes = PlainFiles.read(file, Bytes.MOST);
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Verdict.decode(bytes.get())
            .orElseThrow(() -> new IOException(file + " is not a verdict of this version")));
  }

  /** Says how a step ended, unless that has been said; then what was said holds. */
  Verdict decide(long step, Verdict verdict) throws IOException {
    if (PlainFiles.publish(path, verdictFile(step), verdict.encode())) {
      return verdict;
    }
    return verdict(step).orElseThrow(() -> new IOException("the verdict of a step has gone"));
  }

  /** Asks the rank 0 that should be waiting here whether it lives; if so it breaks its run so. */
  void challenge(Verdict verdict) throws IOException {
    PlainFiles.publish(path, path.resolve("challenge"), verdict.encode());
  }

  Optional<Verdict> challenge() throws IOException {
    return verdict(path.resolve("challenge"));
  }

  void deleteVerdict(long step) throws IOException {
    PlainFiles.delete(verdictFile(step));
  }

  void writeGo(Go go) throws IOException {
    PlainFiles.publish(path, go(), go.encode());
  }

  Go readGo() throws IOException {
    return PlainFiles.read(go(), Bytes.MOST)
        .flatMap(Go::decode)
        .orElseThrow(() -> new IOException(go() + " is not a file of this version"));
  }

  boolean exists() throws IOException {
    return PlainFiles.isOwnDirectory(path);
  }

  /**
   * Removes it if nobody needs it any more: every rank that is there has left, or is of this host
   * and dead. Ranks of other hosts can't be told from dead ones, and keep it.
   */
  boolean removeIfDone(int size, String hostId) throws IOException {
    boolean empty = true;
    for (int rank = 0; rank < size; rank++) {
      if (OwnRecord.ofThisProcess(record(rank)).isPresent()) {
        return false;
      }
      boolean alive = isAlive(rank);
      Optional<RankRecord> record = read(rank);
      empty &= record.isEmpty();
      boolean gone =
          record.isEmpty()
              || record.get().left()
              || (record.get().hostId().equals(hostId) && !alive);
      if (!gone) {
        return false;
      }
    }
    if (empty && isNew()) {
      // Somebody has just made it, and is about to put a record there.
      return false;
    }
    PlainFiles.deleteTree(path);
    return true;
  }

  /** False for one that another rank has removed meanwhile: several may sweep at once. */
  private boolean isNew() throws IOException {
    try {
      Instant changed = Files.getLastModifiedTime(path).toInstant();
      return changed.isAfter(Instant.now().minus(FORMING));
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
