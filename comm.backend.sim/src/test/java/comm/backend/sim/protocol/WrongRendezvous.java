package comm.backend.sim.protocol;

import comm.backend.sim.protocol.ModelMeetingPlace.ModelControl;
import comm.backend.sim.protocol.Rendezvous.Outcome;
import org.jspecify.annotations.Nullable;

/** A rendezvous like the production one, but for mistakes that one could have made in it. */
enum WrongRendezvous implements AnyRendezvous {
  NO_MISTAKE,
  CLAIMS_BY_LOOKING_FIRST,
  IGNORES_OTHER_SIZE,
  NEVER_RETRACTS,
  FORMS_WITHOUT_SECOND_BARRIER_AND_RETRACTS_LATE,
  FORMS_WITHOUT_WAITING,
  DOES_NOT_CHECK_THE_RIVAL;

  @Override
  public Outcome meet(ModelMeetingPlace place, int rank, int size) {
    return rank == 0 ? lead(place, size) : follow(place, rank, size);
  }

  private Outcome lead(ModelMeetingPlace place, int size) {
    ModelControl control = place.create();
    control.words().publish(ControlLayout.state(0), ControlLayout.JOINED);
    while (!place.offer(control)) {
      @Nullable ModelControl other = place.visit();
      if (other != null && (this == DOES_NOT_CHECK_THE_RIVAL || other.isHeld(0))) {
        other.close();
        place.retract(control);
        control.close();
        return new Outcome.Taken(0);
      }
      if (other != null) {
        other.close();
      }
      if (place.ending() != Wait.Ending.NONE) {
        place.retract(control);
        control.close();
        return new Outcome.Ended(place.ending());
      }
      place.idle();
    }
    Barrier barrier = new Barrier(control.words(), 0, size, 0);
    boolean here = this == FORMS_WITHOUT_WAITING || barrier.await(control.waiting());
    if (this == FORMS_WITHOUT_SECOND_BARRIER_AND_RETRACTS_LATE) {
      return here ? new Outcome.Formed(control, barrier) : new Outcome.Broken(control);
    }
    if (this != NEVER_RETRACTS) {
      place.retract(control);
    }
    here = here && (this == FORMS_WITHOUT_WAITING || barrier.await(control.waiting()));
    return here ? new Outcome.Formed(control, barrier) : new Outcome.Broken(control);
  }

  private Outcome follow(ModelMeetingPlace place, int rank, int size) {
    while (true) {
      @Nullable ModelControl control = place.visit();
      if (control != null) {
        @Nullable Outcome outcome = enter(control, rank, size);
        if (outcome != null) {
          return outcome;
        }
        control.close();
      }
      if (place.ending() != Wait.Ending.NONE) {
        return new Outcome.Ended(place.ending());
      }
      place.idle();
    }
  }

  private @Nullable Outcome enter(ModelControl control, int rank, int size) {
    Words words = control.words();
    long theirs = words.read(ControlLayout.SIZE);
    if (theirs != size && this != IGNORES_OTHER_SIZE) {
      control.close();
      return new Outcome.OtherSize(theirs);
    }
    boolean free = !control.isHeld(rank);
    if (this != CLAIMS_BY_LOOKING_FIRST) {
      free = control.claim(rank);
    }
    if (!free) {
      control.close();
      return new Outcome.Taken(0);
    }
    if (!control.isHeld(0)) {
      return null;
    }
    words.publish(ControlLayout.state(rank), ControlLayout.JOINED);
    Barrier barrier = new Barrier(words, rank, (int) theirs, 0);
    boolean here = this == FORMS_WITHOUT_WAITING || barrier.await(control.waiting());
    if (this != FORMS_WITHOUT_SECOND_BARRIER_AND_RETRACTS_LATE && here) {
      here = this == FORMS_WITHOUT_WAITING || barrier.await(control.waiting());
    }
    return here ? new Outcome.Formed(control, barrier) : new Outcome.Broken(control);
  }
}
