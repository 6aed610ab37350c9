package comm.backend.hccl.window;

import comm.backend.hccl.cann.CannException;
import comm.backend.hccl.device.Releases;
import comm.backend.hccl.rendezvous.Run;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Windows of this rank that it uses no more, but others may: memory must not go while another
 * device has it attached. Every rank notes what it has let go of; when all have, the owner frees
 * it. For the device's thread alone.
 */
public final class Departures {

  private record Waiting(long windows, Sharing sharing) {}

  private final Run run;
  private final int size;
  private final List<Waiting> waiting = new ArrayList<>();
  private long attempts;

  /** None yet. */
  public Departures(Run run, int size) {
    this.run = run;
    this.size = size;
  }

  /** The number of the next windows; the same on every rank, since each one is a collective's. */
  long next() {
    return attempts++;
  }

  /**
   * This rank uses windows no more.
   *
   * @param detached whether it has let go of those of the others; if it could not, it says so only
   *     when its device is gone
   */
  void add(long windows, Sharing sharing, boolean detached) {
    if (detached) {
      run.release(windows);
    }
    waiting.add(new Waiting(windows, sharing));
  }

  /** Frees what everybody has let go of. */
  public void collect() throws CannException {
    @Nullable CannException first = null;
    for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
      Waiting one = all.next();
      if (isLeftByAll(one.windows())) {
        all.remove();
        first = Releases.attempt(one.sharing()::free, first);
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /** Frees everything, whoever still has it. */
  public void abandon() throws CannException {
    @Nullable CannException first = null;
    for (Waiting one : waiting) {
      first = Releases.attempt(one.sharing()::free, first);
    }
    waiting.clear();
    if (first != null) {
      throw first;
    }
  }

  private boolean isLeftByAll(long windows) {
    for (int r = 0; r < size; r++) {
      if (!run.hasReleased(windows, r)) {
        return false;
      }
    }
    return true;
  }

  /** The ranks that still have a window of this rank, as far as they said. */
  public List<Integer> holders() {
    List<Integer> holders = new ArrayList<>();
    for (int r = 0; r < size; r++) {
      int holder = r;
      if (waiting.stream().anyMatch(one -> !run.hasReleased(one.windows(), holder))) {
        holders.add(r);
      }
    }
    return holders;
  }

  /** Whether nothing waits. */
  public boolean isEmpty() {
    return waiting.isEmpty();
  }
}
