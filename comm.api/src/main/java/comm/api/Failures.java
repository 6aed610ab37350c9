package comm.api;

import comm.api.spi.BackendFailure;
import comm.api.spi.Failure;
import comm.api.spi.WaitLimit;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The words of every error: turns what a backend reports into the exception a caller gets. */
final class Failures {

  private Failures() {}

  static RuntimeException exception(
      CommException.Call call, BackendFailure report, WaitLimit limit) {
    String noticed =
        report.reportedBy().isPresent()
            ? "; first noticed by rank " + report.reportedBy().getAsInt()
            : "";
    String waited = " after " + seconds(call.elapsed());
    Failure failure = report.failure();
    RuntimeException exception;
    if (failure instanceof Failure.TimedOut timeout) {
      exception = timedOut(call, timeout, report, limit);
    } else if (failure instanceof Failure.PeerFailed peer) {
      exception =
          new PeerFailedException(
              call,
              "failed"
                  + waited
                  + ": "
                  + peer.peer()
                  + peerStory(peer.peer())
                  + noticed
                  + "; look at the log of rank "
                  + peer.peer().rank()
                  + " first",
              peer.peer());
    } else if (failure instanceof Failure.Mismatch mismatch) {
      exception =
          new RankMismatchException(
              call,
              "failed: "
                  + difference(mismatch)
                  + noticed
                  + "; every rank must be started with the same values and a rank of its own",
              mismatch.subject());
    } else if (failure instanceof Failure.Rendezvous rendezvous) {
      exception =
          new RendezvousException(
              call,
              "failed: rendezvous file "
                  + rendezvous.path()
                  + " "
                  + rendezvous.problem()
                  + "; "
                  + rendezvous.advice(),
              rendezvous.path());
    } else if (failure instanceof Failure.Exhausted exhausted) {
      exception =
          new ResourceExhaustedException(
              call,
              "failed: " + shortage(exhausted) + noticed + "; " + exhausted.advice(),
              exhausted.needed(),
              exhausted.available());
    } else if (failure instanceof Failure.NativeCall nativeCall) {
      exception =
          new NativeCallException(
              call,
              "failed: "
                  + nativeCall.function()
                  + (nativeCall.code() == 0 ? "" : " gave " + nativeCall.code())
                  + optional(" (", nativeCall.codeName(), ")")
                  + optional(": ", nativeCall.message(), "")
                  + noticed
                  + optional("; ", nativeCall.advice(), ""),
              nativeCall.function(),
              nativeCall.code(),
              nativeCall.codeName());
    } else if (failure instanceof Failure.Interrupted) {
      String who =
          report.reportedBy().isPresent()
              ? "rank " + report.reportedBy().getAsInt() + " was interrupted"
              : "the waiting thread was interrupted";
      exception =
          new CommInterruptedException(
              call,
              "failed"
                  + waited
                  + ": "
                  + who
                  + "; see what interrupts it, such as a shutdown or a test's time limit");
    } else {
      exception =
          new IllegalStateException(
              call + " ended" + waited + ": the communicator was closed by another thread");
    }
    Throwable underneath = report.getCause();
    if (underneath != null) {
      exception.addSuppressed(underneath);
    }
    return exception;
  }

  private static CommTimeoutException timedOut(
      CommException.Call call, Failure.TimedOut timeout, BackendFailure report, WaitLimit limit) {
    List<RankStatus> missing = timeout.missing();
    String who =
        (missing.isEmpty() ? "" : ": " + whoIsMissing(call, missing))
            + optional(missing.isEmpty() ? ": " : "; ", timeout.note(), "");
    String what =
        report.reportedBy().isPresent()
            ? "failed after "
                + seconds(call.elapsed())
                + ": rank "
                + report.reportedBy().getAsInt()
                + " ran out of time"
                + who
            : "timed out after "
                + seconds(call.elapsed())
                + " (limit "
                + seconds(limit.duration())
                + ", from "
                + limit.source()
                + ")"
                + who;
    return new CommTimeoutException(call, what + "; " + advice(timeout), limit.duration(), missing);
  }

  private static String shortage(Failure.Exhausted exhausted) {
    String needed = bytes(exhausted.needed());
    String available = bytes(exhausted.available());
    if (needed.equals(available)) {
      needed = exhausted.needed() + " bytes";
      available = String.valueOf(exhausted.available());
    }
    return needed + " needed in " + exhausted.resource() + ", " + available + " available";
  }

  private static String whoIsMissing(CommException.Call call, List<RankStatus> missing) {
    if (missing.get(0).rank() == 0 && missing.get(0).state() == RankStatus.State.NEVER_JOINED) {
      return "rank 0 never joined, and without it nothing is known of the others";
    }
    String all = missing.stream().map(RankStatus::toString).collect(Collectors.joining(", "));
    boolean self = missing.stream().anyMatch(status -> status.rank() == call.rank());
    return (call.size() - missing.size())
        + " of "
        + call.size()
        + " ranks came, missing "
        + all
        + (self ? ", which is this rank: it came too late" : "");
  }

  private static String difference(Failure.Mismatch mismatch) {
    return mismatch.rank() == mismatch.otherRank()
        ? "rank "
            + mismatch.rank()
            + " is there twice, as "
            + mismatch.value()
            + " and as "
            + mismatch.otherValue()
        : mismatch.subject()
            + " differs between ranks: rank "
            + mismatch.rank()
            + " has "
            + mismatch.value()
            + ", rank "
            + mismatch.otherRank()
            + " has "
            + mismatch.otherValue();
  }

  private static String advice(Failure.TimedOut timeout) {
    List<RankStatus> missing = timeout.missing();
    if (missing.isEmpty()) {
      return timeout.note().isEmpty()
          ? "see what the rank that should signal is doing, or raise the limit"
          : "see what keeps it, or raise the limit";
    }
    return missing.stream().allMatch(rank -> rank.state() == RankStatus.State.NEVER_JOINED)
        ? "start the missing ranks with the same rootInfo, or raise the limit"
        : "see the logs of the missing ranks, or raise the limit";
  }

  private static String peerStory(RankStatus peer) {
    return peer.state() == RankStatus.State.LEFT
        ? " closed the communicator while others waited for it"
        : " ended without closing the communicator";
  }

  private static String optional(String before, String text, String after) {
    return text.isEmpty() ? "" : before + text + after;
  }

  /** A time as people read it: 0.050 s, 30.0 s. By hand, because a formatter is slow to load. */
  static String seconds(Duration time) {
    long millis = Math.round(time.toNanos() / 1e6);
    if (millis < 1000) {
      return "0." + Long.toString(1000 + millis).substring(1) + " s";
    }
    long tenths = Math.round(millis / 100.0);
    return tenths / 10 + "." + tenths % 10 + " s";
  }

  /** A size as people read it, never rounded up: 512 bytes, 4.0 KiB, 1.5 GiB. */
  static String bytes(long bytes) {
    String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    int unit = 0;
    double value = bytes;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0
        ? bytes + " bytes"
        : String.format(Locale.ROOT, "%.1f %s", Math.floor(value * 10) / 10, units[unit]);
  }
}
