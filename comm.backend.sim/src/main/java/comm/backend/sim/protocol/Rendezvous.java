package comm.backend.sim.protocol;

import static comm.backend.sim.protocol.ControlLayout.FREE;
import static comm.backend.sim.protocol.ControlLayout.JOINED;
import static comm.backend.sim.protocol.ControlLayout.LEFT;
import static comm.backend.sim.protocol.ControlLayout.SIZE;
import static comm.backend.sim.protocol.ControlLayout.pid;
import static comm.backend.sim.protocol.ControlLayout.startTime;
import static comm.backend.sim.protocol.ControlLayout.state;

import comm.api.spi.BackendFailure;
import comm.backend.sim.protocol.MeetingPlace.Control;
import org.jspecify.annotations.Nullable;

/**
 * How a communicator forms. Rank 0 makes a control segment and makes it known; the others attach to
 * it, each claims the slot of its rank, and all meet in a first barrier. Then rank 0 takes the
 * names away, and a second barrier lets everybody go: from there on nothing can be left behind, and
 * nobody can come in any more.
 */
public final class Rendezvous {

  /** How it ended for one rank. */
  public sealed interface Outcome {

    /** The communicator is there. */
    record Formed(Control control, Barrier barrier) implements Outcome {}

    /** It broke for all; the poison in the segment says why. */
    record Broken(Control control) implements Outcome {}

    /** This rank's place is taken, by the process with this pid (0 if it hasn't said it yet). */
    record Taken(long holder) implements Outcome {}

    /** Rank 0 has another number of ranks. */
    record OtherSize(long size) implements Outcome {}

    /** No live run appeared under the path. */
    record Ended(Wait.Ending ending) implements Outcome {}
  }

  private final MeetingPlace place;
  private final int rank;
  private final int size;
  private final int spins;
  private final long pid;
  private final long startTime;

  /**
   * One rank's rendezvous.
   *
   * @param spins as of {@link Barrier}
   */
  public Rendezvous(MeetingPlace place, int rank, int size, int spins, long pid, long startTime) {
    this.place = place;
    this.rank = rank;
    this.size = size;
    this.spins = spins;
    this.pid = pid;
    this.startTime = startTime;
  }

  /** Meets the other ranks. Unless it is formed or broken, nothing of this rank is left. */
  public Outcome meet() throws BackendFailure {
    return rank == 0 ? lead() : follow();
  }

  private Outcome lead() throws BackendFailure {
    Control control = place.create();
    boolean done = false;
    try {
      introduce(control);
      while (!place.offer(control)) {
        Control other = place.visit();
        if (other != null && other.isHeld(0)) {
          return refuse(other);
        }
        if (other != null) {
          // A dead run, whose file somebody else is just removing.
          other.close();
        }
        if (place.ending() != Wait.Ending.NONE) {
          return new Outcome.Ended(place.ending());
        }
        place.idle();
      }
      Barrier barrier = new Barrier(control.words(), rank, size, spins);
      boolean allAreHere = barrier.await(control.waiting());
      place.retract(control);
      done = true;
      boolean namesAreGone = allAreHere && barrier.await(control.waiting());
      return namesAreGone ? new Outcome.Formed(control, barrier) : new Outcome.Broken(control);
    } finally {
      if (!done) {
        place.retract(control);
        control.close();
      }
    }
  }

  /** Another process is rank 0 under this path: that run must learn of it as well. */
  private Outcome refuse(Control other) {
    long holder = other.words().read(pid(0));
    long theirs = other.words().read(SIZE);
    poison(other, theirs, new Poison(Poison.Kind.DUPLICATE, 0, 0, (int) pid));
    other.close();
    return new Outcome.Taken(holder);
  }

  private Outcome follow() throws BackendFailure {
    while (true) {
      @Nullable Control control = place.visit();
      if (control != null) {
        @Nullable Outcome outcome = enter(control);
        if (outcome != null) {
          return outcome;
        }
      }
      if (place.ending() != Wait.Ending.NONE) {
        return new Outcome.Ended(place.ending());
      }
      place.idle();
    }
  }

  /** Null if the run turned out to be dead, or done. */
  private @Nullable Outcome enter(Control control) throws BackendFailure {
    Words words = control.words();
    long theirs = words.read(SIZE);
    boolean stays = false;
    try {
      if (theirs != size) {
        poison(control, theirs, new Poison(Poison.Kind.OTHER_SIZE, rank, rank, size));
        return new Outcome.OtherSize(theirs);
      }
      if (!control.claim(rank)) {
        long holder = words.read(pid(rank));
        poison(control, theirs, new Poison(Poison.Kind.DUPLICATE, rank, rank, (int) pid));
        return new Outcome.Taken(holder);
      }
      if (!control.isHeld(0)) {
        return null;
      }
      long state = words.read(state(rank));
      if (state == LEFT) {
        // The run has formed and this rank of it is done already: it isn't the one looked for.
        return null;
      }
      stays = true;
      if (state != FREE) {
        // Somebody had this rank and died with it; the run can't be saved.
        poison(control, theirs, new Poison(Poison.Kind.DEAD, rank, rank, 0));
        return new Outcome.Broken(control);
      }
      introduce(control);
      Barrier barrier = new Barrier(words, rank, size, spins);
      boolean allAreHere = barrier.await(control.waiting());
      boolean namesAreGone = allAreHere && barrier.await(control.waiting());
      return namesAreGone ? new Outcome.Formed(control, barrier) : new Outcome.Broken(control);
    } finally {
      if (!stays) {
        control.close();
      }
    }
  }

  private static void poison(Control control, long theirs, Poison poison) {
    int ranks = (int) Math.max(0, Math.min(ControlLayout.MAX_RANKS, theirs));
    Barrier.poison(control.words(), control.waiting(), ranks, poison);
  }

  private void introduce(Control control) {
    Words words = control.words();
    words.write(pid(rank), pid);
    words.write(startTime(rank), startTime);
    words.publish(state(rank), JOINED);
  }
}
