package comm.testkit.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Ranks that take turns by chance, on plain memory. It knows nothing of what is ordered. */
final class Schedule {

  /** What such ranks may do wrong. */
  enum Mistake {
    NONE,
    /** Rank 1 doesn't wait in barriers. */
    BARRIER_IGNORED,
    /** What is put by more than 8 bytes doesn't arrive. */
    PUT_LOST,
    /** Reads of one's own window go to the next rank's. */
    GET_FROM_THE_WRONG_WINDOW,
    /** What rank 1 adds is lost. */
    ADD_LOST
  }

  private final Program program;
  private final Mistake mistake;
  private final Random random;
  private final int[] next;
  private final ReferenceModel memory;
  private final ReferenceModel model;
  private final List<byte[]> expected = new ArrayList<>();
  private int sets;

  Schedule(Program program, Mistake mistake, Random random) {
    this.program = program;
    this.mistake = mistake;
    this.random = random;
    next = new int[program.size()];
    memory = new ReferenceModel(program.size());
    model = new ReferenceModel(program.size());
    for (Step step : program.steps()) {
      expected.add(model.run(step));
      if (step instanceof Step.Allocate) {
        memory.run(step);
        sets++;
      }
    }
  }

  /** Runs the ranks to the end, and compares each result and all memory with the model. */
  void check() {
    while (true) {
      List<Integer> running =
          IntStream.range(0, next.length).filter(rank -> !hasEnded(rank)).boxed().toList();
      if (running.isEmpty()) {
        break;
      }
      List<Integer> ready = running.stream().filter(this::isReady).toList();
      if (ready.isEmpty()) {
        assertFalse(running.stream().anyMatch(rank -> isWaiting(rank)), "no rank can go on");
        running.forEach(rank -> next[rank]++);
      } else {
        run(ready.get(random.nextInt(ready.size())));
      }
    }
    for (int set = 0; set < sets; set++) {
      for (int rank = 0; rank < program.size(); rank++) {
        assertEquals(model.memory(set, rank).clear(), memory.memory(set, rank).clear(), "the end");
      }
    }
  }

  private void run(int rank) {
    int number = next[rank]++;
    if (program.steps().get(number) instanceof Access access) {
      byte[] result = perform(access);
      if (program.isExact(number)) {
        assertArrayEquals(expected.get(number), result, () -> "step " + number);
      }
    }
  }

  private byte[] perform(Access access) {
    Place place = access.place();
    if (mistake == Mistake.GET_FROM_THE_WRONG_WINDOW
        && access instanceof Access.Get
        && place.rank() == place.target()) {
      int wrong = (place.target() + 1) % program.size();
      return memory.run(access.at(new Place(place.rank(), place.set(), wrong, place.offset())));
    }
    if (mistake == Mistake.ADD_LOST && access instanceof Atomic.Add && place.rank() == 1) {
      return memory.run(new Atomic.Add(place, 0));
    }
    if (mistake == Mistake.PUT_LOST && access instanceof Access.Put && access.length() > 8) {
      return Access.NOTHING;
    }
    return memory.run(access);
  }

  /** Skips what others do. */
  private boolean hasEnded(int rank) {
    List<Step> steps = program.steps();
    while (next[rank] < steps.size() && !concerns(steps.get(next[rank]), rank)) {
      next[rank]++;
    }
    return next[rank] == steps.size();
  }

  private static boolean concerns(Step step, int rank) {
    if (step instanceof Access access) {
      return access.place().rank() == rank;
    }
    return !(step instanceof CloseSet close) || close.rank() == rank;
  }

  private boolean isReady(int rank) {
    if (program.steps().get(next[rank]) instanceof Step.Barrier) {
      return mistake == Mistake.BARRIER_IGNORED && rank == 1;
    }
    return !isWaiting(rank);
  }

  private boolean isWaiting(int rank) {
    if (program.steps().get(next[rank]) instanceof Await await) {
      Place place = await.place();
      long word = memory.memory(place.set(), place.target()).getLong(place.index());
      return !await.holds(Results.of(word));
    }
    return false;
  }
}
