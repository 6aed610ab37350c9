package com.example.comm.mapped;

import comm.api.RankStatus;
import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * How ranks meet. One word of the header has the verdict on every meeting: the number of the last
 * one that all ranks came to, and who broke the group, plus 1. It changes by compare-and-set only,
 * so that a meeting is held for all ranks or broken for all.
 */
final class Group {

  final ControlFile file;
  final int rank;
  final int size;
  private long epoch;
  private volatile boolean cancelled;

  Group(ControlFile file, int rank, int size) {
    this.file = file;
    this.rank = rank;
    this.size = size;
  }

  static long held(long verdict) {
    return verdict >>> 8;
  }

  static int breaker(long verdict) {
    return (int) (verdict & 0xFF) - 1;
  }

  void cancel() {
    cancelled = true;
  }

  void begin(int operation) {
    file.setSlot(rank, ControlFile.OPERATION, operation);
  }

  boolean isBroken() {
    return breaker(file.get(ControlFile.VERDICT)) >= 0;
  }

  boolean isStopped() {
    return cancelled || isBroken();
  }

  /** Why work that takes long has ended early. */
  BackendFailure stopped(Pause pause) {
    BackendFailure failure = fail(Verdict.peerFailed(rank, ControlFile.LEFT), pause);
    return cancelled ? failed(new Failure.Cancelled(), pause) : failure;
  }

  /** Comes to the next meeting and waits for all others. */
  void meet(Pause pause) throws BackendFailure {
    long mine = ++epoch;
    file.setSlot(rank, ControlFile.EPOCH, mine);
    while (true) {
      long verdict = file.get(ControlFile.VERDICT);
      if (held(verdict) >= mine) {
        return;
      }
      if (breaker(verdict) >= 0) {
        throw cancelled ? failed(new Failure.Cancelled(), pause) : broken(verdict, pause);
      }
      long missing = missing(mine);
      if (missing == 0) {
        file.compareAndSet(ControlFile.VERDICT, verdict, mine << 8);
        continue;
      }
      Verdict problem = problem(mine, missing, pause);
      if (problem != null) {
        breakWith(problem);
      } else {
        pause.once();
      }
    }
  }

  private long missing(long meeting) {
    long missing = 0;
    for (int other = 0; other < size; other++) {
      if (file.slot(other, ControlFile.EPOCH) < meeting) {
        missing |= 1L << other;
      }
    }
    return missing;
  }

  private Verdict problem(long meeting, long missing, Pause pause) {
    if (cancelled) {
      return Verdict.peerFailed(rank, ControlFile.LEFT);
    }
    if (Thread.currentThread().isInterrupted()) {
      return Verdict.of(Verdict.INTERRUPTED, 0, 0, 0, 0);
    }
    if (pause.looks()) {
      for (int other = 0; other < size; other++) {
        long state = file.state(other, rank);
        boolean late = file.slot(other, ControlFile.EPOCH) < meeting;
        if (state == ControlFile.DEAD || state == ControlFile.LEFT && late) {
          return Verdict.peerFailed(other, state);
        }
      }
    }
    return pause.isOver() ? Verdict.timedOut(missing) : null;
  }

  /** Breaks the group, unless it is broken already; a meeting that was held stays held. */
  synchronized void breakWith(Verdict problem) {
    long verdict = file.get(ControlFile.VERDICT);
    if (breaker(verdict) < 0) {
      problem.write(file, rank);
      // If it fails, the meeting was held or another rank was first: the caller looks again.
      file.compareAndSet(ControlFile.VERDICT, verdict, verdict | rank + 1);
    }
  }

  /** Breaks the group for good, whatever meeting it is at. */
  BackendFailure fail(Verdict problem, Pause pause) {
    while (!isBroken()) {
      breakWith(problem);
    }
    return broken(file.get(ControlFile.VERDICT), pause);
  }

  BackendFailure broken(long verdict, Pause pause) {
    int by = breaker(verdict);
    Failure failure = Verdict.read(file, by).failure(file, rank);
    boolean self = by == rank || by == ControlFile.GUEST;
    return new BackendFailure(
        failure, self ? OptionalInt.empty() : OptionalInt.of(by), pause.waited());
  }

  static BackendFailure failed(Failure failure, Pause pause) {
    return new BackendFailure(failure, pause.waited());
  }

  /** What ends a wait for a word that nobody has changed yet, or null; broken is broken for all. */
  BackendFailure endOfAwait(Pause pause) {
    if (cancelled) {
      return failed(new Failure.Cancelled(), pause);
    }
    if (Thread.currentThread().isInterrupted()) {
      return failed(new Failure.Interrupted(), pause);
    }
    long verdict = file.get(ControlFile.VERDICT);
    if (breaker(verdict) >= 0) {
      return broken(verdict, pause);
    }
    if (pause.looks()) {
      int left = 0;
      int last = rank;
      for (int other = 0; other < size; other++) {
        long state = file.state(other, rank);
        if (state == ControlFile.DEAD) {
          return fail(Verdict.peerFailed(other, state), pause);
        }
        if (state == ControlFile.LEFT) {
          left++;
          last = other;
        }
      }
      if (left > 0 && left == size - 1) {
        return failed(
            new Failure.PeerFailed(Verdict.status(file, last, ControlFile.LEFT)), pause);
      }
    }
    return pause.isOver() ? failed(new Failure.TimedOut(List.of()), pause) : null;
  }

  List<RankStatus> peers() {
    List<RankStatus> all = new ArrayList<>(size);
    for (int other = 0; other < size; other++) {
      all.add(Verdict.status(file, other, file.state(other, rank)));
    }
    return all;
  }

}
