package comm.backend.sim.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One way through a scenario: first as somebody chooses, then everybody in turn, by when all must
 * come to an end. For worlds with too many states to visit them all.
 */
final class Walk {

  private static final int FAIR_MOVES_PER_RANK = 4_000;

  /** A fault is taken where one choice in so many says so; else most ranks would crash at once. */
  private static final int RARE = 24;

  private final Scenario scenario;
  private final List<Invariant> invariants;
  private final List<Move> way = new ArrayList<>();
  private World world;
  private int turn;

  private Walk(Scenario scenario, List<Invariant> invariants) {
    this.scenario = scenario;
    this.invariants = invariants;
    this.world = new World(scenario);
  }

  /**
   * Walks.
   *
   * @param chosen how many moves are chosen
   * @param chooser gets the number of possibilities and gives one
   */
  static @Nullable Violation take(
      Scenario scenario, List<Invariant> invariants, int chosen, IntUnaryOperator chooser) {
    return new Walk(scenario, invariants).take(chosen, chooser);
  }

  private @Nullable Violation take(int chosen, IntUnaryOperator chooser) {
    int fair = FAIR_MOVES_PER_RANK * scenario.members().size();
    for (int i = 0; i < chosen + fair; i++) {
      if (world.isOver()) {
        return atEnd();
      }
      List<Move> moves = Moves.of(world);
      boolean wantsFault = i < chosen && chooser.applyAsInt(RARE) == RARE - 1;
      List<Move> wanted = of(moves, wantsFault);
      if (wanted.isEmpty() && !wantsFault) {
        return violation(Explorer.ENDS, "nothing moves any more, and not everybody has finished");
      }
      List<Move> possible = wanted.isEmpty() ? of(moves, false) : wanted;
      if (possible.isEmpty()) {
        return violation(Explorer.ENDS, "nothing moves any more, and not everybody has finished");
      }
      Move move =
          i < chosen ? possible.get(chooser.applyAsInt(possible.size())) : nextInTurn(possible);
      Violation violation = go(move);
      if (violation != null) {
        return violation;
      }
    }
    return violation(Explorer.ENDS, "not everybody has finished, though all had their turns");
  }

  private static List<Move> of(List<Move> moves, boolean faults) {
    return moves.stream().filter(move -> move.kind().isFault() == faults).toList();
  }

  private Move nextInTurn(List<Move> possible) {
    turn++;
    int count = scenario.members().size();
    int first = Math.floorMod(Hash.mix(turn, 1), count);
    for (int i = 0; i < count; i++) {
      int process = (first + i) % count;
      List<Move> own = possible.stream().filter(move -> move.process() == process).toList();
      if (!own.isEmpty()) {
        // Every answer of the world must come up, in no rhythm that a loop could fall in with.
        return own.get(Math.floorMod(Hash.mix(turn, 0), own.size()));
      }
    }
    return possible.get(0);
  }

  private @Nullable Violation go(Move move) {
    World before = world.copy();
    Physics.apply(world, move, false);
    way.add(move);
    for (Invariant invariant : invariants) {
      String message = invariant.brokenBy(before, world);
      if (message != null) {
        return violation(invariant.name(), message);
      }
    }
    return null;
  }

  private @Nullable Violation atEnd() {
    for (Invariant invariant : invariants) {
      String message = invariant.brokenAtEnd(world);
      if (message != null) {
        return violation(invariant.name(), message);
      }
    }
    return null;
  }

  private Violation violation(String invariant, String message) {
    return new Violation(invariant, message, Trace.of(scenario, way));
  }
}
