package com.example.comm.mapped;

import comm.api.RankStatus;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendSession;
import comm.api.spi.BackendWindows;
import comm.api.spi.Failure;
import comm.api.spi.HostMemory;
import comm.api.spi.WaitLimit;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** One rank's part in a group. */
final class MappedSession implements BackendSession {

  private final Group group;
  private final ControlFile file;
  private final List<MappedWindows> allocated = new CopyOnWriteArrayList<>();
  private int allocations;

  MappedSession(Group group) {
    this.group = group;
    file = group.file;
  }

  @Override
  public void barrier(WaitLimit limit) throws BackendFailure {
    group.begin(Verdict.BARRIER);
    group.meet(new Pause(limit.nanos()));
  }

  /** Three meetings: all ask for the same, all have made their file, all have mapped all files. */
  @Override
  public BackendWindows allocateWindows(long bytes, WaitLimit limit) throws BackendFailure {
    Pause pause = new Pause(limit.nanos());
    group.begin(Verdict.ALLOCATE);
    file.setSlot(group.rank, ControlFile.BYTES, bytes);
    group.meet(pause);
    for (int other = 1; other < group.size; other++) {
      long theirs = file.slot(other, ControlFile.BYTES);
      long first = file.slot(0, ControlFile.BYTES);
      if (theirs != first) {
        throw group.fail(Verdict.of(Verdict.WINDOW_SIZE, 0, first, other, theirs), pause);
      }
    }
    int number = allocations++;
    HostMemory[] windows = new HostMemory[group.size];
    try {
      make(bytes, number, pause);
      group.meet(pause);
      for (int other = 0; other < group.size; other++) {
        windows[other] = new HostMemory(bytes, WindowFile.map(path(number, other), bytes));
      }
      group.meet(pause);
      MappedWindows made = new MappedWindows(group, windows, bytes, number, allocated::remove);
      allocated.add(made);
      return made;
    } catch (ClosedByInterruptException e) {
      throw group.fail(Verdict.of(Verdict.INTERRUPTED, 0, 0, 0, 0), pause);
    } catch (IOException | OutOfMemoryError e) {
      throw group.fail(exhausted(bytes, e.toString()), pause);
    } finally {
      // Also those of ranks that died; nobody opens them any more.
      for (int other = 0; other < group.size; other++) {
        delete(path(number, other));
      }
    }
  }

  private void make(long bytes, int number, Pause pause) throws BackendFailure, IOException {
    Path mine = path(number, group.rank);
    if (usable() / group.size < bytes) {
      throw group.fail(exhausted(bytes, ""), pause);
    }
    if (!WindowFile.fill(mine, bytes, group::isStopped)) {
      throw group.stopped(pause);
    }
  }

  private Verdict exhausted(long bytes, String why) {
    long available;
    try {
      available = usable();
    } catch (IOException e) {
      available = 0;
    }
    String text = file.path.getParent() + (why.isEmpty() ? "" : " (" + why + ")");
    return new Verdict(Verdict.EXHAUSTED, 0, bytes * group.size, available, 0, 0, text);
  }

  private long usable() throws IOException {
    return Files.getFileStore(file.path.getParent()).getUsableSpace();
  }

  private Path path(int number, int rank) {
    return WindowFile.path(file.path, file.get(ControlFile.GROUP_ID), number, rank);
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // The next group at this path tries again.
    }
  }

  @Override
  public List<RankStatus> peers() {
    return group.peers();
  }

  @Override
  public void cancel() {
    group.cancel();
  }

  @Override
  public void close(WaitLimit limit) throws BackendFailure {
    allocated.forEach(windows -> windows.close(limit));
    try {
      file.leave(group.rank, limit.nanos());
    } catch (IOException e) {
      throw Group.failed(
          new Failure.NativeCall("close", 0, "", e.toString(), ""), new Pause(1));
    } finally {
      Joining.JOINED_HERE.remove(file.path);
    }
  }
}
