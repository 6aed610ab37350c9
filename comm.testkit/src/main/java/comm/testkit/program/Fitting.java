package comm.testkit.program;

import comm.api.Comparison;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Makes a step fit: ranks, sets and offsets that are there, an await that holds. */
final class Fitting {

  private final int size;
  private final ReferenceModel model;
  private final List<Long> sizes = new ArrayList<>();
  private final List<BitSet> closed = new ArrayList<>();

  Fitting(int size, ReferenceModel model) {
    this.size = size;
    this.model = model;
  }

  /** That a step can't be made to fit, and why. */
  static final class Misfit extends Exception {

    Misfit(String reason) {
      super(reason);
    }
  }

  /** The step itself if it fits as it is, else one like it that does. */
  Step fit(Step raw) throws Misfit {
    if (raw instanceof Step.Allocate allocate) {
      if (sizes.size() == Program.MAX_SETS) {
        throw new Misfit("a program has at most " + Program.MAX_SETS + " sets");
      }
      return new Step.Allocate(clamp(allocate.bytes(), 1, Program.MAX_BYTES));
    }
    if (raw instanceof CloseSet close) {
      CloseSet fitted = new CloseSet(Math.floorMod(close.rank(), size), set(close.set()));
      checkOpen(fitted.rank(), fitted.set());
      return fitted;
    }
    return raw instanceof Access access ? fit(access) : raw;
  }

  private Access fit(Access raw) throws Misfit {
    Place place = raw.place();
    int rank = Math.floorMod(place.rank(), size);
    int set = set(place.set());
    checkOpen(rank, set);
    int target = Math.floorMod(place.target(), size);
    long bytes = sizes.get(set);
    if (raw instanceof Access.Put put) {
      int length = (int) clamp(put.length(), 0, bytes);
      long offset = clamp(place.offset(), 0, bytes - length);
      return new Access.Put(new Place(rank, set, target, offset), length, put.first());
    }
    if (raw instanceof Access.Get get) {
      int length = (int) clamp(get.length(), 0, bytes);
      long offset = clamp(place.offset(), 0, bytes - length);
      return new Access.Get(new Place(rank, set, target, offset), length);
    }
    if (bytes < Long.BYTES) {
      throw new Misfit("windows of " + bytes + " bytes have no room for a long");
    }
    long offset = clamp(place.offset(), 0, bytes - Long.BYTES) & -Long.BYTES;
    Access fitted = raw.at(new Place(rank, set, target, offset));
    return fitted instanceof Await await ? satisfiable(await) : fitted;
  }

  /** An await for a value that never comes becomes one for the value that is there by then. */
  private Await satisfiable(Await await) {
    Place place = await.place();
    long value = model.memory(place.set(), place.target()).getLong(place.index());
    if (await.comparison().holds(value, await.operand())) {
      return await;
    }
    Comparison comparison =
        await.comparison().holds(value, value) ? await.comparison() : Comparison.EQ;
    return new Await(place, comparison, value);
  }

  /** Notes a step that has become part of the program. */
  void record(Step step) {
    if (step instanceof Step.Allocate allocate) {
      sizes.add(allocate.bytes());
      closed.add(new BitSet());
    } else if (step instanceof CloseSet close) {
      closed.get(close.set()).set(close.rank());
    }
  }

  private int set(int raw) throws Misfit {
    if (sizes.isEmpty()) {
      throw new Misfit("nothing has been allocated");
    }
    return Math.floorMod(raw, sizes.size());
  }

  private void checkOpen(int rank, int set) throws Misfit {
    if (closed.get(set).get(rank)) {
      throw new Misfit("rank " + rank + " has closed set " + set);
    }
  }

  private static long clamp(long value, long least, long most) {
    return Math.max(least, Math.min(value, most));
  }
}
