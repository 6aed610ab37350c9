package comm.backend.sim.protocol;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Visits every world that a scenario can lead to, nearest first, so that the first counter-example
 * is a shortest one.
 *
 * <p>That the ranks come to an end is checked on the whole graph: from every world there must be a
 * way to one where all are finished, by moves that are no further faults. Whoever sleeps for ever,
 * waits for ever or goes round in circles for ever is found by this.
 */
final class Explorer {

  static final String ENDS = "everybody comes to an end";

  private static final Move.Kind[] KINDS = Move.Kind.values();
  private static final long SEED_HIGH = 0x5DEECE66DL;
  private static final long SEED_LOW = 0x2545F4914F6CDD1DL;

  private record Key(long high, long low) {}

  /**
   * What was found.
   *
   * @param complete whether every world was visited
   */
  record Result(
      String scenario, int states, int moves, boolean complete, @Nullable Violation violation) {

    @Override
    public String toString() {
      return scenario
          + ": "
          + states
          + " states, "
          + moves
          + " moves"
          + (complete ? "" : " (not all)")
          + (violation == null ? "" : "; " + violation);
    }
  }

  private final Scenario scenario;
  private final List<Invariant> invariants;
  private final int mostStates;

  private final Map<Key, Integer> known = new HashMap<>();
  private final ArrayDeque<World> frontier = new ArrayDeque<>();
  private final IntList parents = new IntList();
  private final IntList ways = new IntList();
  private final IntList ends = new IntList();
  private final IntList from = new IntList();
  private final IntList to = new IntList();
  private final IntList deadEnds = new IntList();
  private int moves;

  private Explorer(Scenario scenario, List<Invariant> invariants, int mostStates) {
    this.scenario = scenario;
    this.invariants = invariants;
    this.mostStates = mostStates;
  }

  static Result explore(Scenario scenario, List<Invariant> invariants, int mostStates) {
    return new Explorer(scenario, invariants, mostStates).run();
  }

  private Result run() {
    World first = new World(scenario);
    known.put(key(first), 0);
    parents.add(-1);
    ways.add(0);
    frontier.add(first);
    for (int id = 0; !frontier.isEmpty(); id++) {
      if (parents.size() > mostStates) {
        return result(false, null);
      }
      World world = frontier.remove();
      Violation violation = expand(world, id);
      if (violation != null) {
        return result(false, violation);
      }
    }
    return result(true, findEndless());
  }

  private Result result(boolean complete, @Nullable Violation violation) {
    return new Result(scenario.name(), parents.size(), moves, complete, violation);
  }

  private static Key key(World world) {
    return new Key(world.hash(SEED_HIGH), world.hash(SEED_LOW));
  }

  private @Nullable Violation expand(World world, int id) {
    if (world.isOver()) {
      ends.add(id);
      for (Invariant invariant : invariants) {
        String message = invariant.brokenAtEnd(world);
        if (message != null) {
          return new Violation(invariant.name(), message, Trace.of(scenario, way(id)));
        }
      }
    }
    boolean isDeadEnd = true;
    for (Move move : Moves.of(world)) {
      World next = world.copy();
      Physics.apply(next, move, false);
      moves++;
      int target = enter(next, id, move);
      if (!move.kind().isFault()) {
        from.add(id);
        to.add(target);
        isDeadEnd &= target == id;
      }
      for (Invariant invariant : invariants) {
        String message = invariant.brokenBy(world, next);
        if (message != null) {
          List<Move> way = way(id);
          way.add(move);
          return new Violation(invariant.name(), message, Trace.of(scenario, way));
        }
      }
    }
    if (isDeadEnd) {
      deadEnds.add(id);
    }
    return null;
  }

  private int enter(World next, int id, Move move) {
    Key key = key(next);
    Integer seen = known.get(key);
    if (seen != null) {
      return seen;
    }
    int target = parents.size();
    known.put(key, target);
    parents.add(id);
    ways.add(move.process() * KINDS.length + Hash.code(move.kind()));
    frontier.add(next);
    return target;
  }

  private List<Move> way(int id) {
    List<Move> way = new ArrayList<>();
    for (int at = id; parents.get(at) >= 0; at = parents.get(at)) {
      int code = ways.get(at);
      way.add(new Move(code / KINDS.length, KINDS[code % KINDS.length]));
    }
    Collections.reverse(way);
    return way;
  }

  /** The nearest world from which no end can be reached, best one where nothing moves at all. */
  private @Nullable Violation findEndless() {
    boolean[] endsWell = reachable();
    for (int i = 0; i < deadEnds.size(); i++) {
      int id = deadEnds.get(i);
      if (!endsWell[id]) {
        String message = "nothing moves any more, and not everybody has finished";
        return new Violation(ENDS, message, Trace.of(scenario, way(id)));
      }
    }
    for (int id = 0; id < endsWell.length; id++) {
      if (!endsWell[id]) {
        String message = "from here on they can only go round in circles";
        return new Violation(ENDS, message, Trace.of(scenario, way(id)));
      }
    }
    return null;
  }

  /** Which worlds have a way to an end, found by going all ways backwards. */
  private boolean[] reachable() {
    int states = parents.size();
    int[] start = new int[states + 1];
    for (int i = 0; i < to.size(); i++) {
      start[to.get(i) + 1]++;
    }
    for (int i = 0; i < states; i++) {
      start[i + 1] += start[i];
    }
    int[] fill = Arrays.copyOf(start, states);
    int[] before = new int[to.size()];
    for (int i = 0; i < to.size(); i++) {
      before[fill[to.get(i)]++] = from.get(i);
    }
    boolean[] reached = new boolean[states];
    IntList todo = new IntList();
    for (int i = 0; i < ends.size(); i++) {
      reached[ends.get(i)] = true;
      todo.add(ends.get(i));
    }
    for (int i = 0; i < todo.size(); i++) {
      int id = todo.get(i);
      for (int j = start[id]; j < start[id + 1]; j++) {
        if (!reached[before[j]]) {
          reached[before[j]] = true;
          todo.add(before[j]);
        }
      }
    }
    return reached;
  }
}
