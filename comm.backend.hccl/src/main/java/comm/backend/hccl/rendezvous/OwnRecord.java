package comm.backend.hccl.rendezvous;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * This rank's file and the lock on it, which the kernel releases with the process. The lock is of
 * the kind that is lost when this process closes any other channel of the same file, so files of
 * ranks of this process are never opened again, but looked up here.
 */
final class OwnRecord implements AutoCloseable {

  private static final Map<Path, OwnRecord> OF_THIS_PROCESS = new ConcurrentHashMap<>();

  private final Path path;
  private final RandomAccessFile file;
  private volatile RankRecord record;
  private boolean closed;

  private OwnRecord(Path path, RandomAccessFile file, RankRecord record) {
    this.path = path;
    this.file = file;
    this.record = record;
  }

  /**
   * Makes the file appear, locked.
   *
   * @return empty if there is one already
   */
  static Optional<OwnRecord> create(Path path, RankRecord record) throws IOException {
    Path directory = path.resolveSibling(".");
    Path draft = PlainFiles.draft(directory.normalize(), record.encode());
    @Nullable OwnRecord own = null;
    boolean done = false;
    try {
      own = new OwnRecord(path, PlainFiles.open(draft), record);
      if (!PlainFiles.lock(own.file.getChannel())) {
        throw new IOException("a new file is locked already");
      }
      done = OF_THIS_PROCESS.putIfAbsent(path, own) == null && linkOrForget(draft, path, own);
      return done ? Optional.of(own) : Optional.empty();
    } finally {
      PlainFiles.delete(draft);
      if (!done && own != null) {
        own.file.close();
      }
    }
  }

  private static boolean linkOrForget(Path draft, Path path, OwnRecord own) throws IOException {
    boolean linked = false;
    try {
      linked = PlainFiles.link(draft, path);
      return linked;
    } finally {
      if (!linked) {
        OF_THIS_PROCESS.remove(path, own);
      }
    }
  }

  /** The record of a rank that lives in this process. */
  static Optional<OwnRecord> ofThisProcess(Path path) {
    return Optional.ofNullable(OF_THIS_PROCESS.get(path));
  }

  RankRecord get() {
    return record;
  }

  /** Changes the record in one write. */
  synchronized void change(UnaryOperator<RankRecord> change) throws IOException {
    RankRecord next = change.apply(record);
    if (!closed) {
      // Plain writes of such a file can't be ended by an interrupt, as a channel's would.
      file.seek(0);
      file.write(next.encode());
    }
    record = next;
  }

  /** Releases the lock; the file stays. Idempotent. */
  @Override
  public synchronized void close() throws IOException {
    if (!closed) {
      closed = true;
      OF_THIS_PROCESS.remove(path, this);
      file.close();
    }
  }
}
