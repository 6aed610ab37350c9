package comm.testkit.program;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** A program while its steps are added: runs the model along, and keeps it free of races. */
final class Assembly {

  private final ReferenceModel model;
  private final Fitting fitting;
  private final HappensBefore order;
  private final List<Step> steps = new ArrayList<>();
  private int sets;

  Assembly(int size) {
    model = new ReferenceModel(size);
    fitting = new Fitting(size, model);
    order = new HappensBefore(size);
  }

  /** Adds what can be made of a step, after a barrier if need be; or nothing. */
  void addFitted(Step raw) {
    Step step;
    try {
      step = fitting.fit(raw);
    } catch (Fitting.Misfit e) {
      return; // a program without the step is as good, and shrinks better than one with another
    }
    if (conflict(step).isPresent()) {
      append(new Step.Barrier());
    }
    append(step);
  }

  /** Adds a step as it is. */
  void addExactly(Step step) {
    String name = "step " + steps.size() + ", " + step + ": ";
    try {
      Step fitted = fitting.fit(step);
      if (!fitted.equals(step)) {
        throw new IllegalArgumentException(name + "doesn't fit; this would: " + fitted);
      }
    } catch (Fitting.Misfit e) {
      throw new IllegalArgumentException(name + e.getMessage(), e);
    }
    conflict(step)
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException(name + "needs a barrier before it: " + reason);
            });
    append(step);
  }

  private Optional<String> conflict(Step step) {
    if (step instanceof Access access) {
      return order.conflict(access, word(access));
    }
    return step instanceof CloseSet close ? order.conflict(close) : Optional.empty();
  }

  private void append(Step step) {
    int number = steps.size();
    if (step instanceof Access access) {
      long before = word(access);
      model.run(access);
      order.access(number, access, before, word(access));
    } else {
      model.run(step);
      fitting.record(step);
      if (step instanceof Step.Barrier) {
        order.barrier();
      } else if (step instanceof Step.Allocate allocate) {
        order.allocate(number, sets++, allocate);
      }
    }
    steps.add(step);
  }

  private long word(Access access) {
    if (access instanceof Access.Put || access instanceof Access.Get) {
      return 0;
    }
    Place place = access.place();
    return model.memory(place.set(), place.target()).getLong(place.index());
  }

  List<Step> steps() {
    return List.copyOf(steps);
  }

  BitSet inexact() {
    return (BitSet) order.inexact().clone();
  }
}
