package comm.testkit.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which steps are ordered whatever the ranks' speed: by program order, by barriers, and by signals
 * that were awaited. A vector clock a rank; all of it begins anew at each barrier.
 */
final class HappensBefore {

  private final int size;
  private final int[][] clocks;
  private final Map<Integer, List<Event>> events = new HashMap<>();
  private final BitSet inexact = new BitSet();

  /** For each set the ranks that wrote to others' windows since the last barrier. */
  private final Map<Integer, BitSet> writers = new HashMap<>();

  HappensBefore(int size) {
    this.size = size;
    this.clocks = new int[size][size];
  }

  /** Steps whose result depends on the ranks' speed. */
  BitSet inexact() {
    return inexact;
  }

  /** Why a step must not come now, but may after a barrier. */
  Optional<String> conflict(CloseSet close) {
    BitSet wrote = writers.getOrDefault(close.set(), new BitSet());
    return wrote.get(close.rank())
        ? Optional.of("rank " + close.rank() + " wrote to others' windows of the set")
        : Optional.empty();
  }

  /**
   * Why an access must not come now, but may after a barrier.
   *
   * @param word the aligned long that it touches, if it is one
   */
  Optional<String> conflict(Access access, long word) {
    int[] knowledge = clocks[access.place().rank()];
    for (Event event : around(access.place())) {
      if (event.overlaps(access) && !event.isKnownTo(knowledge) && clashes(event, access, word)) {
        return Optional.of("nothing orders it after " + event);
      }
    }
    if (access instanceof Await await && !waits(await).isCertain()) {
      return Optional.of("what it waits for may be there and gone, or come from different signals");
    }
    return Optional.empty();
  }

  private boolean clashes(Event earlier, Access access, long word) {
    Step step = earlier.step;
    if (step instanceof Await await && access instanceof Signalling signal) {
      return !await.comparison().holds(signal.next(word), await.operand())
          || !Waits.allKnown(writes(access), clocks[access.place().rank()]);
    }
    boolean bothRead =
        earlier.isRead() && (access instanceof Access.Get || access instanceof Await);
    return !(bothRead
        || (step instanceof Atomic.Add && access instanceof Atomic.Add)
        || (step instanceof Signalling.SignalAdd && access instanceof Signalling.SignalAdd)
        || (step instanceof Signalling && access instanceof Await));
  }

  /** Everything is ordered before everything that follows. */
  void barrier() {
    for (int[] clock : clocks) {
      Arrays.fill(clock, 0);
    }
    events.clear();
    writers.clear();
  }

  /** A rank may write to another's window only if it knows that the other has it. */
  void allocate(int number, int set, Step.Allocate allocate) {
    for (int rank = 0; rank < size; rank++) {
      clocks[rank][rank]++;
      around(new Place(rank, set, rank, 0))
          .add(new Event(number, rank, allocate, 0, allocate.bytes(), clocks[rank].clone(), 0, 0));
    }
  }

  /**
   * Notes an access that has become part of the program.
   *
   * @param before the word before it, if it touches one
   * @param after the word after it
   */
  void access(int number, Access access, long before, long after) {
    Place place = access.place();
    int[] clock = clocks[place.rank()];
    if (access instanceof Await await) {
      Waits waits = waits(await);
      inexact.set(number, !waits.isExact());
      waits.awaited().forEach(event -> join(clock, event.clock));
    } else {
      noteConcurrent(number, access, clock);
    }
    clock[place.rank()]++;
    long end = place.offset() + access.length();
    Event event =
        new Event(number, place.rank(), access, place.offset(), end, clock.clone(), before, after);
    around(place).add(event);
    if (!event.isRead() && place.rank() != place.target()) {
      writers.computeIfAbsent(place.set(), set -> new BitSet()).set(place.rank());
    }
  }

  /** Sums that grow at the same time, and awaits that later signals may overtake. */
  private void noteConcurrent(int number, Access access, int[] clock) {
    for (Event event : around(access.place())) {
      if (event.overlaps(access) && !event.isKnownTo(clock)) {
        if (access instanceof Atomic.Add) {
          inexact.set(number);
          inexact.set(event.number);
        } else if (access instanceof Signalling && event.step instanceof Await) {
          inexact.set(event.number);
        }
      }
    }
  }

  private Waits waits(Await await) {
    return new Waits(await, writes(await), clocks[await.place().rank()]);
  }

  private List<Event> writes(Access access) {
    List<Event> writes = new ArrayList<>();
    for (Event event : around(access.place())) {
      if (!event.isRead() && event.overlaps(access)) {
        writes.add(event);
      }
    }
    return writes;
  }

  private List<Event> around(Place place) {
    return events.computeIfAbsent(place.set() * size + place.target(), key -> new ArrayList<>());
  }

  private static void join(int[] clock, int[] other) {
    for (int rank = 0; rank < clock.length; rank++) {
      clock[rank] = Math.max(clock[rank], other[rank]);
    }
  }
}
