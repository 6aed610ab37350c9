package comm.backend.sim.protocol;

/** What the right barrier and the wrong ones have in common. */
@FunctionalInterface
interface AnyBarrier {

  boolean await(Wait wait);

  /** Makes the barrier of one rank. */
  @FunctionalInterface
  interface Maker {
    AnyBarrier make(Execution self, int rank, int size);
  }

  /** The right one. */
  static Maker real(int spins, boolean wide) {
    return (self, rank, size) ->
        new Barrier(self.words(), rank, size, spins, wide ? 0 : ControlLayout.MAX_RANKS)::await;
  }
}
