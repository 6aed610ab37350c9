package comm.backend.sim.protocol;

import comm.api.spi.BackendFailure;

/** What the right rendezvous and the wrong ones have in common. */
@FunctionalInterface
interface AnyRendezvous {

  /** The right one. */
  AnyRendezvous REAL =
      (place, rank, size) -> new Rendezvous(place, rank, size, 0, 100 + rank, rank).meet();

  Rendezvous.Outcome meet(ModelMeetingPlace place, int rank, int size) throws BackendFailure;
}
