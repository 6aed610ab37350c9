package com.example.comm.mapped;

import static com.example.comm.mapped.ControlFile.FREE;
import static com.example.comm.mapped.ControlFile.GUEST;

import comm.api.RankStatus;
import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import comm.api.spi.SessionRequest;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** How a rank becomes part of the group at a root info path. */
final class Joining {

  /** Opening a file twice and closing it once would lose this process's locks on it. */
  static final Map<Path, Integer> JOINED_HERE = new ConcurrentHashMap<>();

  /** How long those whose launch was wrong wait for the others, so that all are told why. */
  private static final long LINGER = 400_000_000;

  private final SessionRequest request;
  private final Path path;
  private final int rank;
  private final long pid = ProcessHandle.current().pid();
  private final Pause pause;

  Joining(SessionRequest request) {
    this.request = request;
    path = request.rootInfo();
    rank = request.rank();
    pause = new Pause(request.limit().nanos());
  }

  MappedSession join() throws BackendFailure {
    Integer other = JOINED_HERE.putIfAbsent(path, rank);
    if (other != null) {
      throw fail(
          other == rank
              ? new Failure.Mismatch("rank", rank, "pid " + pid, rank, "pid " + pid)
              : new Failure.Rendezvous(
                  path,
                  "is used by rank " + other + " in this process, and locks belong to processes",
                  "start each rank as a process"));
    }
    boolean joined = false;
    try {
      ControlFile file = attempts();
      Group group = new Group(file, rank, request.size());
      MappedSession session = new MappedSession(group);
      try {
        group.meet(pause);
        joined = true;
        return session;
      } finally {
        if (!joined) {
          depart(file, rank);
        }
      }
    } finally {
      if (!joined) {
        JOINED_HERE.remove(path);
      }
    }
  }

  private BackendFailure fail(Failure failure) {
    return Group.failed(failure, pause);
  }

  private ControlFile attempts() throws BackendFailure {
    while (true) {
      if (Thread.currentThread().isInterrupted()) {
        throw fail(new Failure.Interrupted());
      }
      try {
        ControlFile file = attempt();
        if (file != null) {
          return file;
        }
      } catch (ClosedByInterruptException e) {
        throw fail(new Failure.Interrupted());
      } catch (RootInfo.Unusable e) {
        throw fail(new Failure.Rendezvous(path, e.getMessage(), e.advice));
      } catch (IOException e) {
        throw fail(new Failure.Rendezvous(path, "can't be used: " + e, "choose another path"));
      }
      if (pause.isOver()) {
        throw fail(
            new Failure.TimedOut(
                List.of(
                    new RankStatus(
                        rank, RankStatus.State.NEVER_JOINED, OptionalLong.empty(), "open", "")),
                "another group did not leave " + path));
      }
      pause.once();
    }
  }

  /** One look at the path: joined, or null if it is worth another look. */
  private ControlFile attempt() throws IOException, BackendFailure {
    FileChannel channel = RootInfo.open(path);
    if (channel == null) {
      return null;
    }
    boolean joined = false;
    ControlFile told = null;
    try (FileLock gate = ControlFile.tryGate(channel)) {
      if (gate == null) {
        return null;
      }
      boolean fresh = RootInfo.prepare(channel, request.size());
      ControlFile file = new ControlFile(path, channel);
      joined = enter(file, fresh);
      if (joined) {
        return file;
      }
      told = Group.breaker(file.get(ControlFile.VERDICT)) >= 0 ? file : null;
    } finally {
      if (!joined && told == null) {
        channel.close();
      }
    }
    return toldAtTheDoor(told);
  }

  /** Takes this rank's slot. False: the file is of no use, or its verdict is this rank's as well. */
  private boolean enter(ControlFile file, boolean fresh) throws IOException, BackendFailure {
    if (file.get(ControlFile.REMOVED) != 0) {
      return false;
    }
    if (!fresh && !file.anybodyLives()) {
      WindowFile.deleteAll(path, file.get(ControlFile.GROUP_ID));
      file.remove();
      return false;
    }
    long verdict = file.get(ControlFile.VERDICT);
    if (Group.breaker(verdict) >= 0) {
      if (Group.held(verdict) > 0) {
        file.remove();
      }
      return false;
    }
    long size = file.get(ControlFile.SIZE);
    Verdict problem = null;
    if (size != request.size()) {
      int other = 0;
      while (other < ControlFile.SLOTS - 1 && file.slot(other, ControlFile.STATE) == FREE) {
        other++;
      }
      problem = Verdict.of(Verdict.RANKS, rank, request.size(), other, size);
    } else if (file.slot(rank, ControlFile.STATE) != FREE) {
      long state = file.state(rank, -1);
      long there = file.slot(rank, ControlFile.PID);
      problem =
          state == ControlFile.JOINED
              ? Verdict.of(Verdict.TWICE, rank, there, rank, pid)
              : Verdict.peerFailed(rank, state);
    }
    if (problem == null) {
      if (!file.claim(rank)) {
        return false;
      }
      file.setSlot(rank, ControlFile.PID, pid);
      file.setSlot(rank, ControlFile.OPERATION, Verdict.OPEN);
      file.setSlot(rank, ControlFile.STATE, ControlFile.JOINED);
      return true;
    }
    problem.write(file, GUEST);
    if (Group.held(verdict) > 0
        || !file.compareAndSet(ControlFile.VERDICT, verdict, verdict | GUEST + 1)) {
      if (problem.isMismatch() && Group.held(verdict) > 0) {
        throw fail(problem.failure(file, -1));
      }
    } else if (!problem.isMismatch()) {
      file.remove();
    }
    return false;
  }

  /** A group that broke while it formed breaks for who comes to it as well. */
  private ControlFile toldAtTheDoor(ControlFile file) throws IOException, BackendFailure {
    if (file == null) {
      return null;
    }
    long verdict = file.get(ControlFile.VERDICT);
    Verdict cause = Verdict.read(file, Group.breaker(verdict));
    boolean mine = Group.held(verdict) == 0 && cause.isMismatch();
    if (!mine) {
      file.leave(-1, 0);
      return null;
    }
    depart(file, -1);
    throw fail(cause.failure(file, -1));
  }

  /** Leaves a group that didn't form; after a wrong launch only when the others have been told. */
  private void depart(ControlFile file, int slot) {
    try {
      long verdict = file.get(ControlFile.VERDICT);
      int by = Group.breaker(verdict);
      file.addSeen(rank);
      if (by >= 0 && Verdict.read(file, by).isMismatch()) {
        long all = -1L >>> (64 - request.size());
        Pause linger = new Pause(LINGER);
        while ((file.get(ControlFile.SEEN) & all) != all
            && file.get(ControlFile.REMOVED) == 0
            && !linger.isOver()) {
          linger.once();
        }
      }
      file.leave(slot, 1_000_000_000);
    } catch (IOException e) {
      // What is left is found by the next group at this path.
    }
  }
}
