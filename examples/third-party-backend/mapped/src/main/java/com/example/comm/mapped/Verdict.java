package com.example.comm.mapped;

import comm.api.RankStatus;
import comm.api.spi.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Why a group broke, as numbers that fit into a slot. The rank that broke it writes them into its
 * own slot before it says so in the header; whoever reads the header then finds them.
 */
record Verdict(long kind, long mask, long a, long b, long c, long d, String text) {

  static final long TIMED_OUT = 1;
  static final long PEER_FAILED = 2;
  static final long RANKS = 3;
  static final long TWICE = 4;
  static final long WINDOW_SIZE = 5;
  static final long EXHAUSTED = 6;
  static final long INTERRUPTED = 7;
  static final long BROKEN_IO = 8;

  private static final List<String> OPERATIONS =
      List.of("", "open", "allocateWindows", "barrier", "await");

  static final int OPEN = 1;
  static final int ALLOCATE = 2;
  static final int BARRIER = 3;
  static final int AWAIT = 4;

  static Verdict of(long kind, long a, long b, long c, long d) {
    return new Verdict(kind, 0, a, b, c, d, "");
  }

  static Verdict timedOut(long missing) {
    return new Verdict(TIMED_OUT, missing, 0, 0, 0, 0, "");
  }

  static Verdict peerFailed(int rank, long state) {
    return of(PEER_FAILED, rank, state, 0, 0);
  }

  boolean isMismatch() {
    return kind == RANKS || kind == TWICE || kind == WINDOW_SIZE;
  }

  void write(ControlFile file, int slot) {
    long[] fields = {kind, mask, a, b, c, d};
    for (int i = 0; i < fields.length; i++) {
      file.setSlot(slot, ControlFile.RECORD + 8 * i, fields[i]);
    }
    file.setText(slot, text);
  }

  static Verdict read(ControlFile file, int slot) {
    long[] fields = new long[6];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = file.slot(slot, ControlFile.RECORD + 8 * i);
    }
    return new Verdict(
        fields[0], fields[1], fields[2], fields[3], fields[4], fields[5], file.text(slot));
  }

  Failure failure(ControlFile file, int self) {
    if (kind == TIMED_OUT) {
      List<RankStatus> missing = new ArrayList<>();
      for (int rank = 0; rank < ControlFile.SLOTS; rank++) {
        if ((mask >>> rank & 1) != 0) {
          missing.add(status(file, rank, file.state(rank, self)));
        }
      }
      return new Failure.TimedOut(missing);
    }
    if (kind == PEER_FAILED) {
      return new Failure.PeerFailed(status(file, (int) a, b));
    }
    if (kind == RANKS) {
      return new Failure.Mismatch("number of ranks", (int) a, "" + b, (int) c, "" + d);
    }
    if (kind == TWICE) {
      return new Failure.Mismatch("rank", (int) a, "pid " + b, (int) c, "pid " + d);
    }
    if (kind == WINDOW_SIZE) {
      return new Failure.Mismatch(
          "window size", (int) a, b + " bytes", (int) c, d + " bytes");
    }
    if (kind == EXHAUSTED) {
      return new Failure.Exhausted(text, a, b, "ask for smaller windows, or make room there");
    }
    if (kind == INTERRUPTED) {
      return new Failure.Interrupted();
    }
    return new Failure.NativeCall("file access", (int) a, "", text, "see the file system's state");
  }

  static RankStatus status(ControlFile file, int rank, long state) {
    RankStatus.State word =
        state == ControlFile.FREE
            ? RankStatus.State.NEVER_JOINED
            : state == ControlFile.JOINED
                ? RankStatus.State.ALIVE
                : state == ControlFile.LEFT ? RankStatus.State.LEFT : RankStatus.State.DEAD;
    long pid = file.slot(rank, ControlFile.PID);
    int operation = (int) file.slot(rank, ControlFile.OPERATION);
    return new RankStatus(
        rank,
        word,
        pid == 0 ? OptionalLong.empty() : OptionalLong.of(pid),
        OPERATIONS.get(operation),
        "");
  }
}
