package comm.backend.sim.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Processes, their programs, and what may go wrong on the way.
 *
 * @param size number of ranks
 * @param faults how often something may go wrong, in all
 */
record Scenario(String name, int size, List<Member> members, Faults faults, Freedom freedom) {

  /**
   * One process.
   *
   * @param after it starts when these processes are over
   * @param mortal whether it may crash
   */
  record Member(String name, int rank, Program program, Set<Integer> after, boolean mortal) {}

  /**
   * Budgets.
   *
   * @param crashes processes that are killed
   * @param endings waits that run out of time, are interrupted or cancelled
   * @param spurious sleeps that end for no reason
   */
  record Faults(int crashes, int endings, int spurious) {
    static final Faults NONE = new Faults(0, 0, 0);
    static final Faults ONE_CRASH = new Faults(1, 0, 0);
    static final Faults ONE_ENDING = new Faults(0, 1, 0);
    static final Faults ONE_SPURIOUS = new Faults(0, 0, 1);
  }

  /**
   * What the world may do besides.
   *
   * @param patience whether waits never run out of time by themselves; else they do so once
   *     something has gone wrong
   * @param idleChecks whether ranks look for dead ones although nothing has gone wrong
   * @param allEndings whether waits are also interrupted and cancelled, not only too long
   * @param storeBuffers whether plain writes become visible late
   * @param joined whether the segment is there and all have joined when the programs start
   * @param signals whether ranks wait for signals too
   */
  record Freedom(
      boolean patience,
      boolean idleChecks,
      boolean allEndings,
      boolean storeBuffers,
      boolean joined,
      boolean signals) {
    static final Freedom BARRIER = new Freedom(true, false, false, false, true, false);
    static final Freedom EVERYTHING = new Freedom(true, true, true, false, true, false);
    static final Freedom STORE_BUFFERS = new Freedom(true, false, false, true, true, false);
    static final Freedom SIGNALS = new Freedom(true, false, false, false, true, true);
    static final Freedom RENDEZVOUS = new Freedom(false, false, false, false, false, false);
  }

  static Scenario of(String name, int size, Program program, Faults faults, Freedom freedom) {
    List<Member> members = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      members.add(new Member("rank " + rank, rank, program, Set.of(), true));
    }
    return new Scenario(name, size, members, faults, freedom);
  }

  /** Whether nothing goes wrong; a rank that leaves early says so by the scenario's name. */
  boolean isFaultless() {
    return faults.crashes() == 0 && faults.endings() == 0 && !name.contains("leaves");
  }

  Scenario with(Freedom other) {
    return new Scenario(name, size, members, faults, other);
  }
}
