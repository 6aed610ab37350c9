package comm.worker;

import comm.worker.launch.LinePump;
import comm.worker.launch.RankNote;
import comm.worker.launch.Signals;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** One rank: its process, the pumps of its output, and how it ended. */
final class RankProcess {

  /** The exit code of a rank that left without closing its communicator. */
  static final int UNCLOSED_CODE = 70;

  private static final int LINES_KEPT = 50;

  /** How often to look whether output stands still after the process has ended. */
  private static final long STALL_MILLIS = 1000;

  private final int rank;
  private final Process process;
  private final Path directory;
  private final RankOutput output;
  private final Instant start = Instant.now();
  private final Deque<String> lastLines = new ArrayDeque<>();
  private final List<LinePump> pumps;
  private final CompletableFuture<RankEnd> end;
  private volatile boolean stopped;

  /**
   * The end of a rank, with what is needed to tell causes from consequences.
   *
   * @param exit how it ended
   * @param failedAt when it failed, as near as is known
   * @param blamesAnother whether its program ended with an exception that names another rank
   */
  record RankEnd(RankExit exit, Instant failedAt, boolean blamesAnother) {}

  RankProcess(
      int rank,
      Process process,
      Path directory,
      RankOutput output,
      ScheduledExecutorService timer) {
    this.rank = rank;
    this.process = process;
    this.directory = directory;
    this.output = output;
    this.pumps =
        List.of(
            new LinePump(process.getInputStream(), line -> take(false, line)),
            new LinePump(process.getErrorStream(), line -> take(true, line)));
    for (LinePump pump : pumps) {
      Thread thread = new Thread(pump, "comm-output-of-rank-" + rank);
      thread.setDaemon(true);
      thread.start();
    }
    CompletableFuture<Instant> ended =
        process
            .onExit()
            .thenApply(
                any -> {
                  Instant time = Instant.now();
                  pumps.forEach(pump -> endIfStalled(pump, Long.MIN_VALUE, timer));
                  return time;
                });
    this.end =
        ended.thenCombine(
            CompletableFuture.allOf(pumps.get(0).done(), pumps.get(1).done()),
            (time, any) -> end(time));
  }

  private void take(boolean isError, String line) {
    synchronized (lastLines) {
      if (lastLines.size() == LINES_KEPT) {
        lastLines.removeFirst();
      }
      lastLines.addLast(line);
    }
    output.line(rank, isError, line);
  }

  /**
   * A process that this rank left behind may hold the other end of its output for ever; the rank is
   * over all the same. A receiver that takes its time is no reason to lose lines.
   */
  private static void endIfStalled(LinePump pump, long before, ScheduledExecutorService timer) {
    if (pump.done().isDone() || timer.isShutdown()) {
      return;
    }
    long now = pump.progress();
    if (now >= 0 && now == before) {
      pump.done().complete(null);
    } else {
      Future<?> unused =
          timer.schedule(() -> endIfStalled(pump, now, timer), STALL_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private RankEnd end(Instant time) {
    int code = process.exitValue();
    Optional<RankNote> note = note();
    if (code == 0 && note.isPresent() && note.get().kind() == RankNote.Kind.UNCLOSED) {
      code = UNCLOSED_CODE;
    }
    List<String> lines;
    synchronized (lastLines) {
      lines = List.copyOf(lastLines);
    }
    RankExit exit =
        new RankExit(
            rank,
            process.pid(),
            code,
            Signals.ofExitCode(code),
            stopped,
            Duration.between(start, time),
            lines);
    return new RankEnd(
        exit,
        note.map(RankNote::time).orElse(time),
        note.isPresent() && note.get().kind() == RankNote.Kind.BLAMED_ANOTHER);
  }

  private Optional<RankNote> note() {
    try {
      return RankNote.read(directory, rank);
    } catch (IOException e) {
      System.getLogger(RankProcess.class.getName())
          .log(System.Logger.Level.WARNING, "rank " + rank + ": its note can't be read", e);
      return Optional.empty();
    }
  }

  /** Completes when the process has ended and all its output has been handed on. */
  CompletableFuture<RankEnd> end() {
    return end;
  }

  Process process() {
    return process;
  }

  void terminate() {
    if (process.isAlive()) {
      stopped = true;
      process.destroy();
    }
  }

  void kill() {
    if (process.isAlive()) {
      stopped = true;
      process.destroyForcibly();
    }
  }
}
