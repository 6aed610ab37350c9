package comm.backend.sim.protocol;

import org.jspecify.annotations.Nullable;

/** What must be so in every world, or by every move, or at the end. */
abstract class Invariant {

  private final String name;

  Invariant(String name) {
    this.name = name;
  }

  final String name() {
    return name;
  }

  /** What is wrong with a move; null if nothing is. */
  @Nullable String brokenBy(World before, World after) {
    return null;
  }

  /** What is wrong once everybody has finished or crashed; null if nothing is. */
  @Nullable String brokenAtEnd(World end) {
    return null;
  }
}
